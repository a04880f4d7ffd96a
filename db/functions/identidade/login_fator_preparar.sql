/* pgmigrate-encoding: utf-8 */
create or replace function api.login_fator_preparar(p_cliente_id uuid, p_pendente_hash bytea, p_origem inet) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_login public.logins;
begin
    v_login := interno.pendente_ler(p_cliente_id, p_pendente_hash);
    return coalesce(
        interno.entrada_contar(p_cliente_id, v_login.usuario_id, v_login.email, p_origem),
        jsonb_build_object('fator', interno.fator_selado(p_cliente_id, v_login.usuario_id, true))
    );
end
$$;
comment on function api.login_fator_preparar(uuid, bytea, inet) is
'Conta a tentativa de dizer o código, nos mesmos contadores da senha, e devolve à borda o segundo fator, cifrado.
Erros: ZAI05 a entrada pendente não vale; ZAI06 o segundo fator foi tirado ou trocado; ZLI01 devolvido quando há tentativas demais, com os segundos de espera.
Efeitos: tentativas_login.
Desde: 0.3.0';
