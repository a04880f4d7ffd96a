/* pgmigrate-encoding: utf-8 */
create or replace function interno.uaizap_adiar(p_cliente_id uuid, p_fila_id uuid, p_ate timestamptz) returns void
language sql volatile security invoker set search_path = ''
as $$
    -- asked again now and then: the person may write meanwhile, and then nothing is in the way
    with adiada as (
        update public.fila as f
        set reservado_por = null, reservado_ate = null, executar_em = p_ate,
            expira_em = case when f.expira_em is not null then p_ate + interval '5 minutes' end
        where f.cliente_id = p_cliente_id and f.id = p_fila_id
        returning f.alvo_id
    )
    update public.mensagens as m set motivo = 'NOVAS_CONVERSAS_PARADAS'
    from adiada as a
    where m.cliente_id = p_cliente_id and m.id = a.alvo_id and m.status in ('PENDENTE', 'RESERVADO');
$$;
comment on function interno.uaizap_adiar(uuid, uuid, timestamptz) is
'Devolve à fila, para mais tarde e sem contar, o envio que começaria uma conversa que agora não se pode começar.
Erros: nenhum.
Efeitos: fila, mensagens.
Desde: 0.2.0';
