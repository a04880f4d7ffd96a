/* pgmigrate-encoding: utf-8 */
create or replace function interno.midia_avisar(p_cliente_id uuid, p_midia_id uuid) returns void
language sql volatile security invoker set search_path = ''
as $$
    select interno.eventos_emitir(p_cliente_id, 'mensagem_mudou', 'CONVERSA_DE', array_agg(x.id), array_agg(x.conversa_id))
    from (
        select m.id, m.conversa_id
        from public.mensagens as m
        where m.cliente_id = p_cliente_id and m.midia_id = p_midia_id
        limit 100
    ) as x;
$$;
comment on function interno.midia_avisar(uuid, uuid) is
'Avisa que mudaram as mensagens que citam uma mídia.
Erros: nenhum.
Efeitos: eventos.
Desde: 0.2.0';
