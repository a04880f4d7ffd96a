/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_ativar(p_cliente_id uuid, p_campanha_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    update public.campanhas as k
    set status = 'EM_ANDAMENTO', status_motivo = null, proximo_envio_em = null, iniciada_em = coalesce(k.iniciada_em, now())
    where k.cliente_id = p_cliente_id and k.id = p_campanha_id;
    -- what was counted before somebody looked at it counts no more
    delete from public.campanhas_disjuntor as d where d.cliente_id = p_cliente_id and d.campanha_id = p_campanha_id;
    -- a feeder that sleeps until the budget frees wakes up
    insert into public.fila as f (cliente_id, tipo, prioridade, executar_em, alvo_id)
    values (p_cliente_id, 'campanha_alimentar', 5, now(), p_campanha_id)
    on conflict (cliente_id, tipo, alvo_id) do update set executar_em = least(f.executar_em, excluded.executar_em);
    perform interno.campanha_alimentar(p_cliente_id, p_campanha_id);
end
$$;
comment on function interno.campanha_ativar(uuid, uuid) is
'Põe a campanha em andamento, com as contas do disjuntor zeradas, garante seu alimentador na fila e move a primeira leva.
Erros: ZCG01 transição não permitida.
Efeitos: campanhas, campanhas_disjuntor, fila, campanhas_log, eventos.
Desde: 0.1.0';
