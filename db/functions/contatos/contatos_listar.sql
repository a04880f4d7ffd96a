/* pgmigrate-encoding: utf-8 */
create or replace function api.contatos_listar(
    p_cliente_id uuid, p_sessao text, p_busca text default null, p_etiqueta_id uuid default null,
    p_marketing text default null, p_bloqueado boolean default null, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_rodadas constant integer := 10;
    v_limite integer;
    v_quantos integer;
    v_fim uuid;
    v_lote uuid[];
    v_ids uuid[] := '{}';
    v_itens jsonb;
    v_pagina jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:ler');
    v_limite := interno.limite_ler(p_limite);
    v_fim := interno.cursor_ler(p_cursor);
    v_quantos := v_limite + 1;
    -- candidates come by index; filters and visibility thin them out, so one batch may not fill the page
    for v_rodada in 1..c_rodadas loop
        v_lote := array(
            select b.id
            from interno.contatos_candidatos(p_cliente_id, p_busca, p_etiqueta_id, p_marketing, p_bloqueado, v_quantos, v_fim) as b (id)
        );
        v_ids := v_ids || array(
            select c.id
            from unnest(v_lote) as l (id)
            join public.contatos as c on c.cliente_id = p_cliente_id and c.id = l.id
            where c.removido_em is null and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
                and (p_marketing is null or c.marketing = p_marketing)
                and (p_bloqueado is null or c.bloqueado = p_bloqueado)
                and (p_etiqueta_id is null or exists (
                    select from public.contatos_etiquetas as e
                    where e.cliente_id = p_cliente_id and e.contato_id = c.id and e.etiqueta_id = p_etiqueta_id
                ))
            order by c.id desc
        );
        v_fim := case when cardinality(v_lote) = v_quantos then v_lote[v_quantos] end;
        exit when v_fim is null or cardinality(v_ids) > v_limite;
        v_quantos := 2000;
    end loop;
    select coalesce(jsonb_agg(interno.contato_json(c) order by c.id desc), '[]') into v_itens
    from unnest(v_ids[1:v_limite + 1]) as l (id)
    join public.contatos as c on c.cliente_id = p_cliente_id and c.id = l.id;
    v_pagina := interno.pagina(v_itens, v_limite);
    if v_fim is not null and cardinality(v_ids) <= v_limite then
        -- the work of one call is bounded: the next page goes on from where this one stopped looking
        v_pagina := jsonb_set(v_pagina, '{meta,proximoCursor}', to_jsonb(replace(v_fim::text, '-', '')));
    end if;
    return v_pagina;
end
$$;
comment on function api.contatos_listar(uuid, text, text, uuid, text, boolean, integer, text) is
'Lista contatos visíveis, do mais novo para o mais velho; p_busca procura no nome (sem acento) e no telefone. Uma página pode vir curta e ainda ter proximoCursor.
Erros: 22023 busca curta, limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.1.0';
