/* pgmigrate-encoding: utf-8 */
create or replace function interno.jsonb_nome(p_valor jsonb, p_maximo integer) returns text
language sql immutable security invoker parallel safe
begin atomic
    -- a name that is cut is another name
    select case when jsonb_typeof(p_valor) = 'string' and char_length(p_valor #>> '{}') between 1 and p_maximo then p_valor #>> '{}' end;
end;
comment on function interno.jsonb_nome(jsonb, integer) is
'O id que um valor de fora é; nulo quando não é um texto, é vazio ou passa de p_maximo caracteres.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
