/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_contar(p_cliente_id uuid, p_usuario_id uuid, p_email text, p_origem inet) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_origem text := interno.origem_rede(p_origem);
    v_espera integer;
    v_conhecida boolean := p_usuario_id is not null and exists (
        select from public.sessoes as s
        where s.cliente_id = p_cliente_id and s.usuario_id = p_usuario_id
            and s.origem = p_origem and s.criada_em > now() - interval '30 days'
    );
begin
    v_espera := interno.tentativa_contar('origem:' || v_origem, 100);
    if v_espera = 0 then
        -- where the account has entered from before it counts apart: a stranger cannot lock its owner out
        v_espera := interno.tentativa_contar('conta:' || p_email || case when v_conhecida then '|' || v_origem else '' end, 10);
    end if;
    if v_espera > 0 then
        return interno.recusa('ZLI01', 'tentativas demais: aguarde antes de tentar de novo', v_espera::text);
    end if;
    return null;
end
$$;
comment on function interno.entrada_contar(uuid, uuid, text, inet) is
'Conta uma tentativa de entrar, de senha ou de código, por conta e por origem; nulo: pode tentar.
Erros: devolvido: ZLI01 com os segundos de espera.
Efeitos: tentativas_login.
Desde: 0.3.0';
