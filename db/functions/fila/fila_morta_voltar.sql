/* pgmigrate-encoding: utf-8 */
create or replace function interno.fila_morta_voltar(p_cliente_id uuid, p_ids uuid[], p_motivo text)
returns table (id uuid, recusa text)
language plpgsql volatile security invoker set search_path = '' rows 100
as $$
#variable_conflict use_column
declare
    v_agora timestamptz := clock_timestamp();
    v_podem uuid[];
    v_recusados jsonb := '{}';
    r_campanha record;
begin
    -- campaigns first, then what died: the order in which resending a campaign takes them
    perform from public.campanhas as k
    where k.cliente_id = p_cliente_id and k.id in (select s.campanha_id from interno.fila_morta_situacao(p_cliente_id, p_ids) as s)
    order by k.id for update;
    perform from public.fila_morta as d where d.cliente_id = p_cliente_id and d.id = any (p_ids) order by d.id for update;
    return query select s.id, s.recusa from interno.fila_morta_situacao(p_cliente_id, p_ids) as s where s.recusa is not null;
    v_podem := array(select s.id from interno.fila_morta_situacao(p_cliente_id, p_ids) as s where s.recusa is null);
    for r_campanha in
        select l.campanha_id as id, array_agg(l.id) as alvos
        from public.fila_morta as d
        join public.fila_tipos as t on t.tipo = d.tipo and t.volta = 'CAMPANHA'
        join public.campanhas_log as l on l.cliente_id = p_cliente_id and l.id = d.alvo_id
        where d.cliente_id = p_cliente_id and d.id = any (v_podem)
        group by l.campanha_id
        order by l.campanha_id
    loop
        v_recusados := v_recusados || interno.campanha_voltar(p_cliente_id, r_campanha.id, r_campanha.alvos);
    end loop;
    select v_recusados || coalesce(jsonb_object_agg(m.id, m.motivo) filter (where m.motivo is not null), '{}') into v_recusados
    from interno.mensagens_repor(p_cliente_id, array(
        select d.alvo_id from public.fila_morta as d
        join public.fila_tipos as t on t.tipo = d.tipo and t.volta = 'CONVERSA'
        where d.cliente_id = p_cliente_id and d.id = any (v_podem)
    )) as m;
    insert into public.fila (cliente_id, tipo, conexao_id, prioridade, executar_em, max_tentativas, alvo_id, cerca)
    select p_cliente_id, d.tipo, d.conexao_id, d.prioridade, v_agora, d.max_tentativas, d.alvo_id, d.cerca + 1
    from public.fila_morta as d
    join public.fila_tipos as t on t.tipo = d.tipo and t.volta = 'FILA'
    where d.cliente_id = p_cliente_id and d.id = any (v_podem)
    order by d.id
    on conflict (cliente_id, tipo, alvo_id) do nothing;
    perform interno.fila_alvos_repor(p_cliente_id, v_podem);
    update public.fila_morta as d
    set resolvida_em = v_agora, resolucao = 'REENFILEIRADA', resolvida_por = interno.usuario_corrente(), resolucao_motivo = p_motivo
    where d.cliente_id = p_cliente_id and d.id = any (v_podem) and not v_recusados ? d.alvo_id::text;
    return query
    select d.id, v_recusados ->> d.alvo_id::text from public.fila_morta as d
    where d.cliente_id = p_cliente_id and d.id = any (v_podem) and v_recusados ? d.alvo_id::text;
end
$$;
comment on function interno.fila_morta_voltar(uuid, uuid[], text) is
'Devolve trabalhos desistidos à fila, cada tipo como fila_tipos diz, com tentativas zeradas e cerca acima da que tinham; devolve os que não puderam voltar, com a recusa.
Erros: ZRK03.
Efeitos: fila_morta, fila, campanhas, campanhas_log, conversas, mensagens, webhooks_recebidos, midias, midias_provedor, eventos.
Desde: 0.2.0';
