/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_pessoas_buscar(
    p_cliente_id uuid, p_campanha_id uuid, p_busca text, p_status text, p_motivo text, p_limite integer, p_antes_de uuid
) returns setof uuid
language plpgsql stable security invoker set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
declare
    c_recentes constant integer := 2000;
    r_padrao record;
    v_ids uuid[];
begin
    select b.nome, b.telefone into r_padrao from interno.busca_padrao(p_busca) as b;
    -- what many people match fills a page from the next rows, where the index would fetch every match first
    v_ids := array(
        select r.id
        from (
            select o.id, o.contato_id, o.status, o.motivo
            from unnest(array['PENDENTE', 'RESERVADO', 'ENVIANDO', 'ENVIADO', 'INCERTO', 'FALHOU', 'PULADO']) as e (status)
            cross join lateral (
                select l.id, l.contato_id, l.status, l.motivo
                from public.campanhas_log as l
                where l.cliente_id = p_cliente_id and l.campanha_id = p_campanha_id and l.status = e.status
                    and (p_antes_de is null or l.id < p_antes_de)
                order by l.id desc
                limit c_recentes
            ) as o
            where p_status is null or e.status = p_status
            order by o.id desc
            limit c_recentes
        ) as r
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = r.contato_id
        where c.removido_em is null and (p_motivo is null or r.motivo = p_motivo)
            and (c.nome_busca like r_padrao.nome or c.telefone like r_padrao.telefone)
            and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
        order by r.id desc
        limit p_limite
    );
    if cardinality(v_ids) = p_limite then
        return query select v.id from unnest(v_ids) as v (id);
        return;
    end if;
    -- materialized: the matches come from the trigram index, and each is one look into the campaign
    return query
    with achados as materialized (
        select b.id from interno.contatos_ids_buscar(p_cliente_id, p_busca, null) as b (id)
    )
    select l.id
    from achados as a
    join public.contatos as c on c.cliente_id = p_cliente_id and c.id = a.id
    join public.campanhas_log as l
        on l.cliente_id = p_cliente_id and l.campanha_id = p_campanha_id and l.contato_id = a.id
    where (p_status is null or l.status = p_status) and (p_motivo is null or l.motivo = p_motivo)
        and (p_antes_de is null or l.id < p_antes_de)
        and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
    order by l.id desc
    limit p_limite;
end
$$;
comment on function interno.campanha_pessoas_buscar(uuid, uuid, text, text, text, integer, uuid) is
'Ids das linhas de uma campanha cujos contatos a pessoa vê e têm o trecho no nome ou no telefone, da mais nova para a mais velha, entre todos os destinatários.
Erros: 22023 busca curta demais.
Efeitos: nenhum.
Desde: 0.3.0';
