/* pgmigrate-encoding: utf-8 */
create or replace function interno.fila_morta_criterios(
    p_grupo uuid, p_tipo text, p_erro_codigo integer, p_conexao_id uuid, p_de timestamptz, p_ate timestamptz
) returns jsonb
language sql stable security invoker
begin atomic
    select jsonb_strip_nulls(jsonb_build_object(
        'grupo', p_grupo, 'tipo', p_tipo, 'erroCodigo', p_erro_codigo, 'conexaoId', p_conexao_id, 'de', p_de, 'ate', p_ate
    ));
end;
comment on function interno.fila_morta_criterios(uuid, text, integer, uuid, timestamptz, timestamptz) is
'Os critérios dados, como objeto, sem os ausentes.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
