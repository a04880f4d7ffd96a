/* pgmigrate-encoding: utf-8 */
create or replace function api.mensagem_cancelar(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_mensagem public.mensagens;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_mensagem := interno.mensagem_visivel(p_cliente_id, p_id);
    if v_mensagem.motivo = 'CANCELADA' then
        return interno.mensagem_json(v_mensagem);
    end if;
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
    return interno.mensagem_json(v_mensagem);
end
$$;
comment on function api.mensagem_cancelar(uuid, text, uuid) is
'Desfaz uma mensagem que ainda não começou a sair e a devolve inteira, para que se possa voltar a escrevê-la; repetir responde o mesmo.
Erros: ZNV02 mensagem não encontrada; ZCV03 já saiu ou está saindo.
Efeitos: fila, mensagens, conversas, eventos.
Desde: 0.2.0';
