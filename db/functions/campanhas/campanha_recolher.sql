/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_recolher(p_cliente_id uuid, p_campanha_id uuid, p_status text, p_motivo text) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    -- also what a worker reserved but did not yet mean to send: its intent will find nothing. Locked first, so that an
    -- intent under way ends before the state of its recipient is read
    perform from public.fila as f
    where f.cliente_id = p_cliente_id and f.tipo = 'campanha_enviar' and f.intencao_em is null
        and f.alvo_id in (
            select l.id from public.campanhas_log as l
            where l.cliente_id = p_cliente_id and l.campanha_id = p_campanha_id and l.status = 'RESERVADO'
        )
    order by f.id for update;
    with retirados as (
        delete from public.fila as f
        using public.campanhas_log as l
        where f.cliente_id = p_cliente_id and f.tipo = 'campanha_enviar' and f.intencao_em is null
            and l.cliente_id = p_cliente_id and l.campanha_id = p_campanha_id and l.status = 'RESERVADO' and l.id = f.alvo_id
        returning f.alvo_id
    )
    update public.campanhas_log as l set status = p_status, motivo = p_motivo, atualizado_em = now()
    where l.cliente_id = p_cliente_id and l.campanha_id = p_campanha_id
        and l.id in (select r.alvo_id from retirados as r);
end
$$;
comment on function interno.campanha_recolher(uuid, uuid, text, text) is
'Tira da fila o que a campanha ainda não mandou: volta a PENDENTE (pausa) ou vira PULADO (cancelamento). Quem nem entrou nela fica como está.
Erros: nenhum.
Efeitos: fila, campanhas_log.
Desde: 0.1.0';
