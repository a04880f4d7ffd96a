/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_escolher(
    p_cliente_id uuid, p_filtros public.conversas_filtros, p_ordem text, p_quantas integer, p_posicao public.conversas_posicao,
    p_conjunto uuid[] default null
) returns table (ids uuid[], cursor text, fim text)
language plpgsql stable security invoker set search_path = ''
as $$
declare
    c_lotes constant integer[] := '{400,2000,4000,6000,8000}';
    c_prioridades constant text[] := '{URGENTE,ALTA,NORMAL,BAIXA}';
    v_conjunto uuid[] := coalesce(p_conjunto, interno.conversas_conjunto(p_cliente_id, p_filtros, p_ordem));
    v_ultima_fase integer := case p_ordem when 'PRIORIDADE' then 3 when 'ESPERA' then 1 else 0 end;
    v_fase integer := coalesce(p_posicao.fase, 0);
    v_em timestamptz := p_posicao.em;
    v_id uuid := p_posicao.id;
    v_quantas integer := p_quantas;
    v_rodada integer := 0;
    v_filtros public.conversas_filtros := p_filtros;
    v_chave text;
    v_esperando boolean;
    v_ems timestamptz[];
    v_lote uuid[];
    v_linhas integer[];
    v_achados timestamptz[] := '{}';
    v_fases integer[] := '{}';
    v_ultima integer;
begin
    ids := '{}';
    while v_fase <= v_ultima_fase and cardinality(ids) < p_quantas and v_rodada <= cardinality(c_lotes) loop
        v_chave := case p_ordem when 'CRIADA' then 'CRIADA' when 'ESPERA' then case v_fase when 0 then 'ESPERA' else 'ATIVIDADE' end else 'ATIVIDADE' end;
        v_esperando := case p_ordem when 'ESPERA' then v_fase = 0 end;
        v_lote := '{}';
        if p_ordem <> 'PRIORIDADE' or c_prioridades[v_fase + 1] = any (coalesce(p_filtros.prioridade, c_prioridades)) then
            v_filtros.prioridade := case when p_ordem = 'PRIORIDADE' then array[c_prioridades[v_fase + 1]] else p_filtros.prioridade end;
            select coalesce(array_agg(c.em order by c.n), '{}'), coalesce(array_agg(c.id order by c.n), '{}') into v_ems, v_lote
            from interno.conversas_candidatas(p_cliente_id, v_filtros, v_conjunto, v_chave, v_esperando, v_quantas, v_em, v_id)
                with ordinality as c (em, id, n);
            v_linhas := array(select f.n from interno.conversas_filtrar(p_cliente_id, v_filtros, v_esperando, v_lote) as f (n) order by f.n);
            select ids || coalesce(array_agg(v_lote[l.n] order by l.n), '{}'), v_achados || coalesce(array_agg(v_ems[l.n] order by l.n), '{}')
            into ids, v_achados
            from unnest(v_linhas) as l (n);
            v_fases := v_fases || array_fill(v_fase, array[cardinality(v_linhas)]);
        end if;
        if cardinality(v_lote) < v_quantas then
            v_fase := v_fase + 1;
            v_em := null;
            v_id := null;
        else
            v_em := v_ems[v_quantas];
            v_id := v_lote[v_quantas];
            -- a batch that gave too little: look further at once
            v_rodada := v_rodada + 1;
            v_quantas := greatest(p_quantas, c_lotes[v_rodada]);
        end if;
    end loop;
    -- written for the two places that somebody may go on from, not for each row: who counts has a thousand
    if cardinality(ids) >= p_quantas and p_quantas > 1 then
        cursor := interno.conversas_cursor(p_ordem, v_fases[p_quantas - 1], v_achados[p_quantas - 1], ids[p_quantas - 1]);
    end if;
    if v_fase <= v_ultima_fase then
        v_ultima := cardinality(ids);
        fim := case when v_id is null then interno.conversas_cursor(p_ordem, v_fases[v_ultima], v_achados[v_ultima], ids[v_ultima])
            else interno.conversas_cursor(p_ordem, v_fase, v_em, v_id) end;
    end if;
    return next;
end
$$;
comment on function interno.conversas_escolher(uuid, public.conversas_filtros, text, integer, public.conversas_posicao, uuid[]) is
'Até p_quantas conversas visíveis que os filtros pedem, na ordem; cursor = o da penúltima das pedidas, de onde segue a página que as pediu por uma a mais; fim = onde parou de procurar, nulo quando viu tudo. O trabalho de uma chamada é limitado. p_conjunto: entre estas, de quem já as procurou.
Erros: 22023 busca curta demais.
Efeitos: nenhum.
Desde: 0.3.0';
