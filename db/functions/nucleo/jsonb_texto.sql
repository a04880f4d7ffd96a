/* pgmigrate-encoding: utf-8 */
create or replace function interno.jsonb_texto(p_valor jsonb, p_maximo integer) returns text
language sql immutable security invoker parallel safe
begin atomic
    -- ->> would make a text of an object or a number as well
    select case when jsonb_typeof(p_valor) = 'string' then left(p_valor #>> '{}', p_maximo) end;
end;
comment on function interno.jsonb_texto(jsonb, integer) is
'O texto que um valor de fora é, até p_maximo caracteres; nulo quando não é um texto.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
