/* pgmigrate-encoding: utf-8 */
create or replace function interno.hora_texto(p_minutos integer) returns text
language sql immutable security invoker parallel safe
begin atomic
    select lpad((p_minutos / 60)::text, 2, '0') || ':' || lpad((p_minutos % 60)::text, 2, '0');
end;
comment on function interno.hora_texto(integer) is
'Minutos desde a meia-noite como HH:MM.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
