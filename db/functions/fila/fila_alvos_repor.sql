/* pgmigrate-encoding: utf-8 */
create or replace function interno.fila_alvos_repor(p_cliente_id uuid, p_ids uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_alvos uuid[] := array(select d.alvo_id from public.fila_morta as d where d.cliente_id = p_cliente_id and d.id = any (p_ids));
begin
    -- ids are of one table only: each statement finds its own
    update public.webhooks_recebidos as w set status = 'PENDENTE', erro_texto = null, motivo = null
    where w.cliente_id = p_cliente_id and w.id = any (v_alvos) and w.status = 'ERRO';
    update public.midias as m set status = 'PENDENTE', motivo = null, erro_texto = null, tentativas = 0, atualizado_em = now()
    where m.cliente_id = p_cliente_id and m.id = any (v_alvos) and m.status = 'FALHOU';
    update public.midias_provedor as m
    set status = 'PENDENTE', motivo = null, erro_codigo = null, erro_texto = null, tentativas = 0, atualizado_em = now()
    where m.cliente_id = p_cliente_id and m.id = any (v_alvos) and m.status = 'FALHOU';
end
$$;
comment on function interno.fila_alvos_repor(uuid, uuid[]) is
'Põe de novo à espera aquilo de que trabalhos devolvidos à fila tratam, onde isso tem estado próprio: webhooks e mídias.
Erros: nenhum.
Efeitos: webhooks_recebidos, midias, midias_provedor.
Desde: 0.2.0';
