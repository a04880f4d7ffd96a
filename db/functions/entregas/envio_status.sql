/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_status(p_cliente_id uuid, p_id uuid) returns text
language sql stable security invoker set search_path = ''
as $$
    select l.status from public.campanhas_log as l where l.cliente_id = p_cliente_id and l.id = p_id
    union all
    select m.status from public.mensagens as m where m.cliente_id = p_cliente_id and m.id = p_id
    limit 1;
$$;
comment on function interno.envio_status(uuid, uuid) is
'O estado de entrega de um envio, seja destinatário de campanha ou mensagem.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
