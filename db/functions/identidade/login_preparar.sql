/* pgmigrate-encoding: utf-8 */
create or replace function api.login_preparar(p_email text, p_origem inet) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_email text := lower(btrim(p_email));
    v_origem text := interno.origem_rede(p_origem);
    v_conhecida boolean := false;
    v_espera integer;
    r_login record;
begin
    select l.cliente_id, l.usuario_id, l.senha_hash into r_login from public.logins as l where l.email = v_email;
    if found then
        perform interno.contexto_trabalho(r_login.cliente_id);
        v_conhecida := exists (
            select from public.sessoes as s
            where s.cliente_id = r_login.cliente_id and s.usuario_id = r_login.usuario_id
                and s.origem = p_origem and s.criada_em > now() - interval '30 days'
        );
    end if;
    v_espera := interno.tentativa_contar('origem:' || v_origem, 100);
    if v_espera = 0 then
        -- where the account has entered from before it counts apart: a stranger cannot lock its owner out
        v_espera := interno.tentativa_contar('conta:' || v_email || case when v_conhecida then '|' || v_origem else '' end, 10);
    end if;
    if v_espera > 0 then
        return interno.recusa('ZLI01', 'tentativas demais: aguarde antes de tentar de novo', v_espera::text);
    end if;
    return jsonb_build_object('senhaHash', r_login.senha_hash);
end
$$;
comment on function api.login_preparar(text, inet) is
'Conta a tentativa de entrar, por conta e por origem, antes de a senha ser conferida, e devolve o hash a conferir (nulo = conta desconhecida).
Erros: ZLI01 devolvido quando há tentativas demais, com os segundos de espera.
Efeitos: tentativas_login.
Desde: 0.1.0';
