/* pgmigrate-encoding: utf-8 */
create or replace function interno.contatos_ids_buscar(
    p_cliente_id uuid, p_busca text, p_limite integer, p_antes_de uuid default null
) returns setof uuid
language plpgsql stable security definer set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
declare
    c_recentes constant integer := 2000;
    r_padrao record;
    v_ids uuid[];
begin
    select b.nome, b.telefone into r_padrao from interno.busca_padrao(p_busca) as b;
    -- a whole number is looked up, not searched: its trigrams are everybody's country and area code
    return query
    select n.id
    from interno.contatos_ids_do_numero(p_cliente_id, btrim(r_padrao.telefone, '%')) as n (id)
    where p_antes_de is null or n.id < p_antes_de
    order by n.id desc;
    if found then
        return;
    end if;
    -- what many people match fills a page from the newest contacts, where the index would fetch every match first
    if p_limite <= c_recentes / 2 then
        v_ids := array(
            select r.id
            from (
                select c.id, c.nome_busca, c.telefone
                from public.contatos as c
                where c.cliente_id = p_cliente_id and c.removido_em is null and (p_antes_de is null or c.id < p_antes_de)
                order by c.id desc
                limit c_recentes
            ) as r
            where r.nome_busca like r_padrao.nome or r.telefone like r_padrao.telefone
            order by r.id desc
            limit p_limite
        );
    end if;
    if cardinality(v_ids) = p_limite then
        return query
        select v.id from unnest(v_ids) as v (id)
        union
        -- newer than the oldest of them, by another phone
        select c.id
        from public.contatos_identidades as i
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = i.contato_id and c.removido_em is null
        where i.cliente_id = p_cliente_id and i.contato_id > v_ids[p_limite] and (p_antes_de is null or i.contato_id < p_antes_de)
            and i.tipo in ('E164', 'WA_ID', 'JID') and i.valor like r_padrao.telefone
        order by 1 desc
        limit p_limite;
        return;
    end if;
    -- materialized: asked for the newest few at once, the planner would rather walk the tenant than use the index
    return query
    with achados as materialized (
        select c.id
        from public.contatos as c
        where c.cliente_id = p_cliente_id and c.removido_em is null
            and (c.nome_busca like r_padrao.nome or c.telefone like r_padrao.telefone)
            and (p_antes_de is null or c.id < p_antes_de)
    ), outros as materialized (
        select i.contato_id
        from public.contatos_identidades as i
        where i.cliente_id = p_cliente_id and i.tipo in ('E164', 'WA_ID', 'JID') and i.valor like r_padrao.telefone
            and (p_antes_de is null or i.contato_id < p_antes_de)
    )
    select a.id from achados as a
    union
    select c.id
    from outros as o
    join public.contatos as c on c.cliente_id = p_cliente_id and c.id = o.contato_id and c.removido_em is null
    order by 1 desc
    limit p_limite;
end
$$;
comment on function interno.contatos_ids_buscar(uuid, text, integer, uuid) is
'Ids de contatos por trecho do nome (sem acento) ou de um telefone, também os que a pessoa deixou ou que só o provedor diz, do mais novo para o mais velho; sem p_limite, todos. Quem chama junta os ids à tabela, sob RLS.
Erros: 22023 busca curta demais.
Efeitos: nenhum.
Desde: 0.1.0';
