/* pgmigrate-encoding: utf-8 */
create or replace function interno.midia_mime(p_mime text) returns text
language sql immutable security invoker parallel safe set search_path = ''
as $$
    select substring(lower(btrim(split_part(p_mime, ';', 1))) from '^[a-z]+/[a-z0-9.+-]{1,100}$');
$$;
comment on function interno.midia_mime(text) is
'O tipo de conteúdo sem parâmetros e em minúsculas; nulo quando não é um.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
