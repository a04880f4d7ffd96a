/* pgmigrate-encoding: utf-8 */
create or replace function api.mensagem_reenviar(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_mensagem public.mensagens;
    v_conversa public.conversas;
    v_marketing boolean;
    v_ordem bigint;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_mensagem := interno.mensagem_visivel(p_cliente_id, p_id);
    v_conversa := interno.conversa_voz(p_cliente_id, v_mensagem.conversa_id, false);
    select m.* into v_mensagem from public.mensagens as m where m.cliente_id = p_cliente_id and m.id = p_id for update;
    -- what may have left is never sent again by a machine, and what cannot be accepted would only fail again
    if v_mensagem.direcao <> 'SAIDA' or not 'REENVIAR' = any (interno.mensagem_acoes(v_mensagem.status, v_mensagem.motivo)) then
        raise exception using errcode = 'ZCV05', message = 'esta mensagem não pode ser reenviada';
    end if;
    perform interno.mensagem_conteudo_conferir(p_cliente_id, v_conversa, v_mensagem.tipo, v_mensagem.conteudo);
    select m.categoria = 'MARKETING' into v_marketing
    from public.modelos as m where m.cliente_id = p_cliente_id and m.id = v_mensagem.modelo_id;
    perform interno.mensagem_destino_conferir(p_cliente_id, v_conversa, v_mensagem.tipo, coalesce(v_marketing, false), v_agora);
    update public.conversas as v set ordem_ultima = v.ordem_ultima + 1
    where v.cliente_id = p_cliente_id and v.id = v_conversa.id
    returning v.ordem_ultima into v_ordem;
    update public.mensagens as m
    set status = 'RESERVADO', motivo = null, erro_codigo = null, erro_texto = null, tentativas = 0, tentativa_id = null,
        id_externo = null, enviado_em = null, ordem = v_ordem, atualizado_em = v_agora
    where m.cliente_id = p_cliente_id and m.id = p_id
    returning m.* into v_mensagem;
    insert into public.fila (cliente_id, tipo, conexao_id, prioridade, executar_em, expira_em, alvo_id, chave_ordem, ordem)
    values (
        p_cliente_id, 'mensagem_enviar', v_mensagem.conexao_id, 1, v_agora, v_agora + interval '24 hours', p_id, v_conversa.id, v_ordem
    );
    update public.fila_morta as f
    set resolvida_em = v_agora, resolucao = 'REENFILEIRADA', resolvida_por = interno.usuario_corrente(),
        resolucao_motivo = 'Reenviada na conversa'
    where f.cliente_id = p_cliente_id and f.alvo_id = p_id and f.resolvida_em is null;
    perform interno.auditar(p_cliente_id, 'mensagem_reenviada', 'mensagens', p_id);
    return interno.mensagem_json(v_mensagem);
end
$$;
comment on function api.mensagem_reenviar(uuid, text, uuid) is
'Põe de novo na fila, no fim da conversa, uma mensagem que falhou por algo que passa (provedor fora, mídia, espera). A que ficou em dúvida nunca passa por aqui.
Erros: ZNV02 mensagem não encontrada; ZCV05 não pode ser reenviada; os de conversa_voz, mensagem_conteudo_conferir e mensagem_destino_conferir.
Efeitos: mensagens, conversas, fila, fila_morta, auditoria, eventos.
Desde: 0.2.0';
