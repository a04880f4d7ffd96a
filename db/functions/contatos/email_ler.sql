/* pgmigrate-encoding: utf-8 */
create or replace function interno.email_ler(p_email text) returns text
language plpgsql immutable security invoker set search_path = ''
as $$
declare
    v_email text := nullif(btrim(p_email), '');
begin
    if v_email !~ '^[^@\s]{1,64}@[^@\s]{1,185}$' then
        raise exception using errcode = 'ZRC02', message = 'e-mail inválido', column = 'email';
    end if;
    return v_email;
end
$$;
comment on function interno.email_ler(text) is
'E-mail sem espaços em volta; nulo quando vazio.
Erros: ZRC02 e-mail inválido.
Efeitos: nenhum.
Desde: 0.1.0';
