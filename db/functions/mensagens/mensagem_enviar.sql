/* pgmigrate-encoding: utf-8 */
create or replace function api.mensagem_enviar(p_cliente_id uuid, p_sessao text, p_conversa_id uuid, p_tipo text, p_conteudo jsonb, p_contexto_id uuid default null,
    p_chave_idempotencia text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_resposta jsonb;
    v_mensagem public.mensagens;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_resposta := interno.idempotencia_abrir(p_cliente_id, 'mensagem_enviar', p_chave_idempotencia, jsonb_build_array(p_conversa_id, p_tipo, p_conteudo, p_contexto_id));
    if v_resposta is not null then
        return v_resposta;
    end if;
    perform interno.conversa_visivel(p_cliente_id, p_conversa_id);
    v_mensagem := interno.mensagem_enfileirar(
        p_cliente_id, p_conversa_id, p_tipo, p_conteudo, p_contexto_id, p_usuario_id => interno.usuario_corrente()
    );
    return interno.idempotencia_fechar(p_cliente_id, 'mensagem_enviar', p_chave_idempotencia, interno.mensagem_json(v_mensagem));
end
$$;
comment on function api.mensagem_enviar(uuid, text, uuid, text, jsonb, uuid, text) is
'Envia uma mensagem numa conversa: entra na fila agora e sai na ordem em que foi escrita. A conexão parada não recusa: a mensagem espera.
Erros: ZNV01 conversa não encontrada; ZCG03 chave usada com outro pedido; os de mensagem_enfileirar.
Efeitos: mensagens, conversas, fila, eventos, chaves_idempotencia.
Desde: 0.2.0';
