/* pgmigrate-encoding: utf-8 */
create or replace function api.midia_enviar(p_cliente_id uuid, p_sessao text, p_conversa_id uuid, p_midia_id uuid, p_legenda text default null,
    p_chave_idempotencia text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_resposta jsonb;
    v_midia public.midias;
    v_mensagem public.mensagens;
    v_conteudo jsonb;
    v_legenda text := nullif(btrim(p_legenda), '');
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_resposta := interno.idempotencia_abrir(
        p_cliente_id, 'midia_enviar', p_chave_idempotencia, jsonb_build_array(p_conversa_id, p_midia_id, p_legenda)
    );
    if v_resposta is not null then
        return v_resposta;
    end if;
    v_midia := interno.midia_ler(p_cliente_id, p_midia_id);
    v_conteudo := jsonb_build_object('midiaId', v_midia.id);
    if v_midia.tipo not in ('AUDIO', 'FIGURINHA') and v_legenda is not null then
        v_conteudo := v_conteudo || jsonb_build_object('legenda', v_legenda);
        v_legenda := null;
    end if;
    perform interno.conversa_voz(p_cliente_id, p_conversa_id, false);
    v_mensagem := interno.mensagem_enfileirar(
        p_cliente_id, p_conversa_id, v_midia.tipo, v_conteudo, p_usuario_id => interno.usuario_corrente()
    );
    if v_legenda is not null then
        perform interno.mensagem_enfileirar(
            p_cliente_id, p_conversa_id, 'TEXTO', jsonb_build_object('texto', v_legenda), p_usuario_id => interno.usuario_corrente()
        );
    end if;
    return interno.idempotencia_fechar(p_cliente_id, 'midia_enviar', p_chave_idempotencia, interno.mensagem_json(v_mensagem));
end
$$;
comment on function api.midia_enviar(uuid, text, uuid, uuid, text, text) is
'Envia um arquivo já recebido numa conversa, como o tipo que ele é, com o que se escreveu dele; o que não leva legenda (áudio, figurinha) é seguido dela como texto, na mesma transação.
Erros: ZND01 mídia não encontrada; ZCG03 chave usada com outro pedido; os de conversa_voz e mensagem_enfileirar.
Efeitos: mensagens, conversas, conversas_historico, fila, midias_provedor, eventos, chaves_idempotencia.
Desde: 0.3.0';
