/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagem_retirar(p_cliente_id uuid, p_id uuid) returns public.mensagens
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_mensagem public.mensagens;
begin
    -- queue first, as workers take it: one that has claimed it lets go, or has it
    perform from public.fila as f
    where f.cliente_id = p_cliente_id and f.tipo = 'mensagem_enviar' and f.alvo_id = p_id and f.reservado_ate is null and f.intencao_em is null
    for update;
    if not found then
        raise exception using errcode = 'ZCV03', message = 'a mensagem já saiu ou está saindo: não dá mais para cancelar';
    end if;
    delete from public.fila as f where f.cliente_id = p_cliente_id and f.tipo = 'mensagem_enviar' and f.alvo_id = p_id;
    update public.mensagens as m set status = 'PULADO', motivo = 'CANCELADA', atualizado_em = v_agora
    where m.cliente_id = p_cliente_id and m.id = p_id
    returning m.* into v_mensagem;
    -- the person is waiting again
    perform interno.conversa_resumir(p_cliente_id, v_mensagem.conversa_id);
    return v_mensagem;
end
$$;
comment on function interno.mensagem_retirar(uuid, uuid) is
'Tira da fila uma mensagem que ainda não começou a sair.
Erros: ZCV03 já saiu ou está saindo.
Efeitos: fila, mensagens, conversas, eventos.
Desde: 0.3.0';
