/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_filtrar(
    p_cliente_id uuid, p_filtros public.conversas_filtros, p_esperando boolean, p_ids uuid[]
) returns setof integer
language plpgsql stable security invoker set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
begin
    -- visibility is asked once per owner and team, not per conversation: offset 0 keeps the question outside
    return query
    select n.n::integer
    from (
        select v.usuario_id, v.equipe_id, array_agg(l.n) as linhas
        from unnest(p_ids) with ordinality as l (id, n)
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = l.id
        where interno.conversa_cabe(v, p_filtros)
            and (p_esperando is null or (v.espera_desde is not null) = p_esperando)
            and (p_filtros.etiqueta_id is null or exists (
                select from public.conversas_etiquetas as e
                where e.cliente_id = p_cliente_id and e.conversa_id = v.id and e.etiqueta_id = p_filtros.etiqueta_id
            ) or exists (
                select from public.contatos_etiquetas as e
                where e.cliente_id = p_cliente_id and e.contato_id = v.contato_id and e.etiqueta_id = p_filtros.etiqueta_id
            ))
            and (p_filtros.campanha_id is null or exists (
                select from public.campanhas_log as l
                where l.cliente_id = p_cliente_id and l.campanha_id = p_filtros.campanha_id and l.contato_id = v.contato_id and l.status = 'ENVIADO'
            ))
            and (p_filtros.aba <> 'MENCOES' or exists (
                select from public.mencoes as n
                where n.cliente_id = p_cliente_id and n.conversa_id = v.id and n.usuario_id = interno.usuario_corrente() and n.lida_em is null
            ))
        group by v.usuario_id, v.equipe_id
        offset 0
    ) as g
    cross join unnest(g.linhas) as n (n)
    where interno.visivel(p_cliente_id, g.usuario_id, g.equipe_id)
    order by n.n;
end
$$;
comment on function interno.conversas_filtrar(uuid, public.conversas_filtros, boolean, uuid[]) is
'De conversas candidatas, quais (por posição) os filtros pedem e quem pede pode ver.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
