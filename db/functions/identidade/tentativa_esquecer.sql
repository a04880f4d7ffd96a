/* pgmigrate-encoding: utf-8 */
create or replace function interno.tentativa_esquecer(p_chave text) returns void
language sql volatile security invoker set search_path = ''
as $$
    delete from public.tentativas_login as t where t.chave = sha256(convert_to(p_chave, 'UTF8'));
$$;
comment on function interno.tentativa_esquecer(text) is
'Zera o contador de uma chave, depois de um acerto.
Erros: nenhum.
Efeitos: tentativas_login.
Desde: 0.1.0';
