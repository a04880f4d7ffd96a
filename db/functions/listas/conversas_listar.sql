/* pgmigrate-encoding: utf-8 */
create or replace function api.conversas_listar(
    p_cliente_id uuid, p_sessao text, p_filtros jsonb default '{}', p_ordem text default null, p_limite integer default null,
    p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_filtros public.conversas_filtros;
    v_ordem text;
    r_escolha record;
    v_pagina jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_limite := interno.limite_ler(p_limite);
    v_filtros := interno.conversas_filtros_ler(p_filtros);
    v_ordem := interno.conversas_ordem_ler(p_ordem, v_filtros);
    select e.ids, e.cursor, e.fim into r_escolha
    from interno.conversas_escolher(p_cliente_id, v_filtros, v_ordem, v_limite + 1, interno.conversas_cursor_ler(p_cursor, v_ordem)) as e;
    v_pagina := interno.pagina(interno.conversas_json(p_cliente_id, r_escolha.ids[1:v_limite]), v_limite);
    -- the work of one call is bounded: a short page goes on from where this one stopped looking
    return jsonb_set(v_pagina, '{meta,proximoCursor}', coalesce(to_jsonb(
        case when cardinality(r_escolha.ids) > v_limite then r_escolha.cursor else r_escolha.fim end
    ), 'null'));
end
$$;
comment on function api.conversas_listar(uuid, text, jsonb, text, integer, text) is
'Uma página da caixa de entrada, só com o que quem pede pode ver. p_ordem: ULTIMA_ATIVIDADE, ESPERA (a da aba FILA, quando ausente), CRIADA ou PRIORIDADE. Uma página pode vir curta e ainda ter proximoCursor.
Erros: 22* filtro, ordem, busca, limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.3.0';
