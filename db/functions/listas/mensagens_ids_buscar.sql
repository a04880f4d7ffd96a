/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagens_ids_buscar(
    p_cliente_id uuid, p_busca text, p_limite integer, p_antes_de uuid default null
) returns setof uuid
language plpgsql stable security definer set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
declare
    c_recentes constant integer := 2000;
    v_consulta tsquery := interno.busca_consulta(p_busca);
    v_antes_de uuid := coalesce(p_antes_de, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
    v_janela integer := c_recentes;
    v_ids uuid[];
begin
    if v_consulta is null then
        return;
    end if;
    -- what many messages say fills a page from the newest, where the index would fetch every one of them first
    loop
        v_ids := array(
            select r.mensagem_id
            from (
                select b.mensagem_id, b.termos
                from public.mensagens_busca as b
                where b.cliente_id = p_cliente_id and b.mensagem_id < v_antes_de
                order by b.mensagem_id desc
                limit v_janela
            ) as r
            where r.termos @@ v_consulta
            order by r.mensagem_id desc
            limit p_limite
        );
        if cardinality(v_ids) = p_limite then
            return query select v.id from unnest(v_ids) as v (id);
            return;
        end if;
        -- ten times as far is enough for what is that frequent; anything rarer is the index's work
        exit when v_janela > c_recentes or cardinality(v_ids) * 8 < p_limite;
        v_janela := c_recentes * 10;
    end loop;
    return query
    with achadas as materialized (
        select b.mensagem_id
        from public.mensagens_busca as b
        where b.cliente_id = p_cliente_id and b.termos @@ v_consulta and b.mensagem_id < v_antes_de
    )
    select a.mensagem_id from achadas as a order by a.mensagem_id desc limit p_limite;
end
$$;
comment on function interno.mensagens_ids_buscar(uuid, text, integer, uuid) is
'Ids de mensagens que correspondem a uma busca em português, da mais nova para a mais velha. Quem chama junta os ids à tabela, sob RLS.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
