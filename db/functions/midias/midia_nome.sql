/* pgmigrate-encoding: utf-8 */
create or replace function interno.midia_nome(p_nome text) returns text
language sql immutable security invoker parallel safe set search_path = ''
as $$
    select nullif(left(btrim(regexp_replace(regexp_replace(p_nome, '^.*[/\\]', ''), '[[:cntrl:]\u200e\u200f\u202a-\u202e\u2066-\u2069]', '', 'g'), ' .'), 240), '');
$$;
comment on function interno.midia_nome(text) is
'O nome de um arquivo sem pastas, controles nem marcas de direção que escondem a extensão; nulo quando não sobra nada.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
