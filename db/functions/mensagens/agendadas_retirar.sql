/* pgmigrate-encoding: utf-8 */
create or replace function interno.agendadas_retirar(p_cliente_id uuid, p_ids uuid[]) returns void
language sql volatile security invoker set search_path = ''
as $$
    -- one that is being done right now sees that it was called off, and goes by itself
    delete from public.fila as f
    where f.cliente_id = p_cliente_id and f.id in (
        select q.id from public.fila as q
        where q.cliente_id = p_cliente_id and q.tipo = 'agendada_disparar' and q.alvo_id = any (p_ids)
        for update skip locked
    );
$$;
comment on function interno.agendadas_retirar(uuid, uuid[]) is
'Tira da fila o disparo de mensagens agendadas que já não vão sair.
Erros: nenhum.
Efeitos: fila.
Desde: 0.2.0';
