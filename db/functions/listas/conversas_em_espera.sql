/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_em_espera(
    p_cliente_id uuid, p_filas uuid[], p_fila_comum boolean, p_quantas integer, p_em timestamptz, p_id uuid
) returns table (em timestamptz, id uuid)
language plpgsql stable security invoker set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
begin
    return query
    select x.em, x.id
    from (
        select f.em, f.id
        from unnest(p_filas) as q (id)
        cross join lateral (
            select v.espera_desde as em, v.id
            from public.conversas as v
            where v.cliente_id = p_cliente_id and v.usuario_id is null and v.equipe_id = q.id and v.espera_desde is not null
                and (v.espera_desde, v.id) > (p_em, p_id)
            order by v.espera_desde, v.id
            limit p_quantas
        ) as f
        union all
        (
            select v.espera_desde, v.id
            from public.conversas as v
            where v.cliente_id = p_cliente_id and v.usuario_id is null and v.equipe_id is null and v.espera_desde is not null
                and (v.espera_desde, v.id) > (p_em, p_id) and p_fila_comum
            order by v.espera_desde, v.id
            limit p_quantas
        )
    ) as x
    order by x.em, x.id
    limit p_quantas;
end
$$;
comment on function interno.conversas_em_espera(uuid, uuid[], boolean, integer, timestamptz, uuid) is
'Das filas dadas, as conversas que esperam resposta há mais tempo, depois da chave dada.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
