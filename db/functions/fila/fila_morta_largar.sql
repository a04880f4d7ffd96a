/* pgmigrate-encoding: utf-8 */
create or replace function interno.fila_morta_largar(p_cliente_id uuid, p_ids uuid[], p_motivo text) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_abertos uuid[];
begin
    v_abertos := array(
        select d.id from public.fila_morta as d
        where d.cliente_id = p_cliente_id and d.id = any (p_ids) and d.resolvida_em is null
        order by d.id for update
    );
    update public.fila_morta as d
    set resolvida_em = v_agora, resolucao = 'DESCARTADA', resolvida_por = interno.usuario_corrente(), resolucao_motivo = p_motivo
    where d.cliente_id = p_cliente_id and d.id = any (v_abertos);
    -- given up by a person: it no longer holds back the deadline of what waits for a proof
    update public.webhooks_recebidos as w set status = 'IGNORADO', motivo = 'DESCARTADO_POR_PESSOA'
    from public.fila_morta as d
    where d.cliente_id = p_cliente_id and d.id = any (v_abertos) and d.tipo = 'webhook_processar'
        and w.cliente_id = p_cliente_id and w.id = d.alvo_id and w.status = 'ERRO';
    return (
        select coalesce(jsonb_object_agg(i.id, 'JA_RESOLVIDA'), '{}') from unnest(p_ids) as i (id) where i.id <> all (v_abertos)
    );
end
$$;
comment on function interno.fila_morta_largar(uuid, uuid[], text) is
'Descarta o que desistiu: a linha fica, com quem, quando e por quê. Devolve {id: recusa} do que já estava resolvido.
Erros: nenhum.
Efeitos: fila_morta, webhooks_recebidos.
Desde: 0.2.0';
