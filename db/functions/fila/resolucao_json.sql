/* pgmigrate-encoding: utf-8 */
create or replace function interno.resolucao_json(p_ids uuid[], p_recusados jsonb, p_restam bigint, p_ultimo uuid) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return jsonb_build_object(
        'feitos', cardinality(p_ids) - (select count(*) from jsonb_object_keys(p_recusados)),
        'recusados', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'id', r.key, 'recusa', r.value, 'recusaTexto', interno.fila_recusa_texto(r.value)
            ) order by r.key), '[]')
            from jsonb_each_text(p_recusados) as r
        ),
        'restam', p_restam, 'proximoCursor', replace(p_ultimo::text, '-', '')
    );
end
$$;
comment on function interno.resolucao_json(uuid[], jsonb, bigint, uuid) is
'O que uma ação em lote fez, recusou e deixou para a próxima chamada.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
