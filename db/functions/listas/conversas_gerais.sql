/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_gerais(
    p_cliente_id uuid, p_conexao_id uuid, p_status text[], p_quantas integer, p_em timestamptz, p_id uuid, p_de timestamptz
) returns table (em timestamptz, id uuid)
language plpgsql stable security invoker set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
begin
    if p_conexao_id is not null then
        return query
        select x.em, x.id
        from unnest(p_status) as s (status)
        cross join lateral (
            select v.ultima_mensagem_em as em, v.id
            from public.conversas as v
            where v.cliente_id = p_cliente_id and v.conexao_id = p_conexao_id and v.status = s.status
                and (v.ultima_mensagem_em, v.id) < (p_em, p_id) and v.ultima_mensagem_em >= p_de
            order by v.ultima_mensagem_em desc, v.id desc
            limit p_quantas
        ) as x
        order by x.em desc, x.id desc
        limit p_quantas;
        return;
    end if;
    return query
    select x.em, x.id
    from unnest(p_status) as s (status)
    cross join lateral (
        select v.ultima_mensagem_em as em, v.id
        from public.conversas as v
        where v.cliente_id = p_cliente_id and v.status = s.status
            and (v.ultima_mensagem_em, v.id) < (p_em, p_id) and v.ultima_mensagem_em >= p_de
        order by v.ultima_mensagem_em desc, v.id desc
        limit p_quantas
    ) as x
    order by x.em desc, x.id desc
    limit p_quantas;
end
$$;
comment on function interno.conversas_gerais(uuid, uuid, text[], integer, timestamptz, uuid, timestamptz) is
'Conversas de certos estados (e de um número), a de atividade mais recente primeiro, depois da chave dada.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
