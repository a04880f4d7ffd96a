/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_fatiadas(
    p_cliente_id uuid, p_donos uuid[], p_equipes uuid[], p_filas uuid[], p_fila_comum boolean, p_status text[], p_quantas integer,
    p_em timestamptz, p_id uuid, p_de timestamptz
) returns table (em timestamptz, id uuid)
language plpgsql stable security invoker set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
begin
    -- each slice comes in order by its index and no longer than a page; a row may be in two of them
    return query
    select x.em, x.id
    from unnest(p_status) as s (status)
    cross join lateral (
        (
            select f.em, f.id
            from unnest(p_donos) as q (id)
            cross join lateral (
                select v.ultima_mensagem_em as em, v.id
                from public.conversas as v
                where v.cliente_id = p_cliente_id and v.usuario_id = q.id and v.status = s.status
                    and (v.ultima_mensagem_em, v.id) < (p_em, p_id) and v.ultima_mensagem_em >= p_de
                order by v.ultima_mensagem_em desc, v.id desc
                limit p_quantas
            ) as f
        )
        union all
        (
            select f.em, f.id
            from unnest(p_equipes) as q (id)
            cross join lateral (
                select v.ultima_mensagem_em as em, v.id
                from public.conversas as v
                where v.cliente_id = p_cliente_id and v.equipe_id = q.id and v.status = s.status
                    and (v.ultima_mensagem_em, v.id) < (p_em, p_id) and v.ultima_mensagem_em >= p_de
                order by v.ultima_mensagem_em desc, v.id desc
                limit p_quantas
            ) as f
        )
        union all
        (
            select f.em, f.id
            from unnest(p_filas) as q (id)
            cross join lateral (
                select v.ultima_mensagem_em as em, v.id
                from public.conversas as v
                where v.cliente_id = p_cliente_id and v.usuario_id is null and v.equipe_id = q.id and v.status = s.status
                    and (v.ultima_mensagem_em, v.id) < (p_em, p_id) and v.ultima_mensagem_em >= p_de
                order by v.ultima_mensagem_em desc, v.id desc
                limit p_quantas
            ) as f
        )
        union all
        (
            select v.ultima_mensagem_em, v.id
            from public.conversas as v
            where v.cliente_id = p_cliente_id and v.usuario_id is null and v.equipe_id is null and v.status = s.status and p_fila_comum
                and (v.ultima_mensagem_em, v.id) < (p_em, p_id) and v.ultima_mensagem_em >= p_de
            order by v.ultima_mensagem_em desc, v.id desc
            limit p_quantas
        )
    ) as x
    group by x.em, x.id
    order by x.em desc, x.id desc
    limit p_quantas;
end
$$;
comment on function interno.conversas_fatiadas(uuid, uuid[], uuid[], uuid[], boolean, text[], integer, timestamptz, uuid, timestamptz) is
'A união ordenada de fatias da caixa de entrada (de donos, de equipes, de filas sem dono), depois da chave dada.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
