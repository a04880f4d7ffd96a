/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhooks_repor(p_cliente_id uuid, p_ids uuid[]) returns integer
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_repostos uuid[];
begin
    perform from public.fila_morta as d
    where d.cliente_id = p_cliente_id and d.alvo_id = any (p_ids) and d.tipo = 'webhook_processar' and d.resolvida_em is null
    order by d.id for update;
    v_repostos := array(
        select w.id from public.webhooks_recebidos as w
        where w.cliente_id = p_cliente_id and w.id = any (p_ids) and w.status <> 'PENDENTE'
        order by w.id for no key update
    );
    update public.webhooks_recebidos as w set status = 'PENDENTE', motivo = null, erro_texto = null
    where w.cliente_id = p_cliente_id and w.id = any (v_repostos);
    insert into public.fila (cliente_id, tipo, prioridade, executar_em, alvo_id, cerca)
    select p_cliente_id, 'webhook_processar', 7, v_agora, w.id, coalesce((
        select max(d.cerca) + 1 from public.fila_morta as d
        where d.cliente_id = p_cliente_id and d.alvo_id = w.id and d.tipo = 'webhook_processar'
    ), 0)
    from unnest(v_repostos) as w (id)
    order by w.id
    on conflict (cliente_id, tipo, alvo_id) do nothing;
    update public.fila_morta as d
    set resolvida_em = v_agora, resolucao = 'REENFILEIRADA', resolvida_por = interno.usuario_corrente(),
        resolucao_motivo = 'reprocessamento de eventos recebidos'
    where d.cliente_id = p_cliente_id and d.alvo_id = any (v_repostos) and d.tipo = 'webhook_processar' and d.resolvida_em is null;
    return cardinality(v_repostos);
end
$$;
comment on function interno.webhooks_repor(uuid, uuid[]) is
'Põe de novo à espera os webhooks dados que não esperam já; o que tinha desistido fica resolvido em fila_morta. Devolve quantos.
Erros: nenhum.
Efeitos: webhooks_recebidos, fila, fila_morta.
Desde: 0.3.0';
