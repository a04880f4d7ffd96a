/* pgmigrate-encoding: utf-8 */
create or replace function api.login_preparar(p_email text, p_origem inet) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_email text := lower(btrim(p_email));
    v_recusa jsonb;
    r_login record;
begin
    select l.cliente_id, l.usuario_id, l.senha_hash into r_login from public.logins as l where l.email = v_email;
    if found then
        perform interno.contexto_trabalho(r_login.cliente_id);
    end if;
    v_recusa := interno.entrada_contar(r_login.cliente_id, r_login.usuario_id, v_email, p_origem);
    return coalesce(v_recusa, jsonb_build_object(
        'clienteId', r_login.cliente_id, 'senhaHash', r_login.senha_hash,
        'fator', case when r_login.cliente_id is not null then interno.fator_selado(r_login.cliente_id, r_login.usuario_id, true) end
    ));
end
$$;
comment on function api.login_preparar(text, inet) is
'Conta a tentativa de entrar, por conta e por origem, antes de a senha ser conferida, e devolve à borda o hash a conferir (nulo = conta desconhecida) e o segundo fator, cifrado, se a pessoa o tem.
Erros: ZLI01 devolvido quando há tentativas demais, com os segundos de espera.
Efeitos: tentativas_login.
Desde: 0.1.0';
