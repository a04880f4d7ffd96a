/* pgmigrate-encoding: utf-8 */
create or replace function interno.contatos_ids_buscar(
    p_cliente_id uuid, p_busca text, p_limite integer, p_antes_de uuid default null
) returns setof uuid
language plpgsql stable security definer set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
declare
    c_poucos constant integer := 2000;
    r_padrao record;
    v_ids uuid[];
begin
    select b.nome, b.telefone into r_padrao from interno.busca_padrao(p_busca) as b;
    -- Without an order first: asked for the newest few, the planner would walk the primary key, which reads the whole
    -- tenant when matches are rare. Only what matches often enough to fill this is worth that walk.
    v_ids := array(
        select c.id
        from public.contatos as c
        where c.cliente_id = p_cliente_id and c.removido_em is null
            and (c.nome_busca like r_padrao.nome or c.telefone like r_padrao.telefone)
            and (p_antes_de is null or c.id < p_antes_de)
        limit c_poucos
    );
    if cardinality(v_ids) < c_poucos then
        return query select v.id from unnest(v_ids) as v (id) order by v.id desc limit p_limite;
    else
        return query
        select c.id
        from public.contatos as c
        where c.cliente_id = p_cliente_id and c.removido_em is null
            and (c.nome_busca like r_padrao.nome or c.telefone like r_padrao.telefone)
            and (p_antes_de is null or c.id < p_antes_de)
        order by c.id desc
        limit p_limite;
    end if;
end
$$;
comment on function interno.contatos_ids_buscar(uuid, text, integer, uuid) is
'Ids de contatos por trecho do nome (sem acento) ou do telefone, do mais novo para o mais velho. Quem chama junta os ids à tabela, sob RLS.
Erros: 22023 busca curta demais.
Efeitos: nenhum.
Desde: 0.1.0';
