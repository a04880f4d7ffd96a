/* pgmigrate-encoding: utf-8 */
create or replace function api.senha_preparar(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_espera integer;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    -- its own counter: whoever holds a stolen session can neither guess on nor lock the owner out of the login
    v_espera := interno.tentativa_contar('senha:' || interno.usuario_corrente(), 10);
    if v_espera > 0 then
        return interno.recusa('ZLI01', 'tentativas demais: aguarde antes de tentar de novo', v_espera::text);
    end if;
    return (
        select jsonb_build_object('senhaHash', l.senha_hash) from public.logins as l
        where l.cliente_id = p_cliente_id and l.usuario_id = interno.usuario_corrente()
    );
end
$$;
comment on function api.senha_preparar(uuid, text) is
'Conta a tentativa e devolve o hash da senha atual, para a borda conferir.
Erros: ZAG01 sessão inválida; ZLI01 devolvido quando há tentativas demais.
Efeitos: tentativas_login.
Desde: 0.1.0';
