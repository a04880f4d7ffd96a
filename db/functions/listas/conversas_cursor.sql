/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_cursor(p_ordem text, p_fase integer, p_em timestamptz, p_id uuid) returns text
language sql immutable security invoker parallel safe
begin atomic
    select array_position(array['ULTIMA_ATIVIDADE', 'ESPERA', 'CRIADA', 'PRIORIDADE'], p_ordem)::text || p_fase::text
        || lpad(to_hex((extract(epoch from p_em) * 1000000)::bigint), 16, '0') || replace(p_id::text, '-', '');
end;
comment on function interno.conversas_cursor(text, integer, timestamptz, uuid) is
'O cursor opaco de uma lista de conversas: a ordem, a fase e a chave em que parou.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
