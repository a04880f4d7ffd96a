/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_iniciar(p_cliente_id uuid, p_sessao text, p_contato_id uuid, p_conexao_id uuid, p_tipo text, p_conteudo jsonb,
    p_chave_idempotencia text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_resposta jsonb;
    v_conversa public.conversas;
    v_mensagem public.mensagens;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_resposta := interno.idempotencia_abrir(p_cliente_id, 'conversa_iniciar', p_chave_idempotencia, jsonb_build_array(p_contato_id, p_conexao_id, p_tipo, p_conteudo));
    if v_resposta is not null then
        return v_resposta;
    end if;
    perform interno.destino_conferir(p_cliente_id, p_contato_id, p_conexao_id);
    v_conversa := interno.conversa_abrir(p_cliente_id, p_conexao_id, p_contato_id);
    -- somebody else's, or where another team serves: no more than that may be said
    if not interno.visivel(p_cliente_id, v_conversa.usuario_id, v_conversa.equipe_id) then
        raise exception using errcode = 'ZCV25', message = 'a conversa com este contato neste número é de outra pessoa ou equipe';
    end if;
    perform interno.conversa_voz(p_cliente_id, v_conversa.id, false);
    v_mensagem := interno.mensagem_enfileirar(
        p_cliente_id, v_conversa.id, p_tipo, p_conteudo, p_usuario_id => interno.usuario_corrente()
    );
    select v.* into v_conversa from public.conversas as v where v.cliente_id = p_cliente_id and v.id = v_conversa.id;
    return interno.idempotencia_fechar(p_cliente_id, 'conversa_iniciar', p_chave_idempotencia, jsonb_build_object(
        'conversa', interno.conversa_json(v_conversa), 'mensagem', interno.mensagem_json(v_mensagem)
    ));
end
$$;
comment on function api.conversa_iniciar(uuid, text, uuid, uuid, text, jsonb, text) is
'Escreve a um contato por um número, na conversa aberta dos dois ou numa nova, que passa a ser de quem escreve. Pelo WhatsApp oficial, uma conversa nova começa com um MODELO.
Erros: ZNC01 contato não encontrado; ZNX01 conexão não encontrada; ZCV25 a conversa é de alguém, ou de uma equipe, que não se pode ver; ZCG03; os de conversa_voz e mensagem_enfileirar.
Efeitos: conversas, conversas_historico, mensagens, fila, eventos, chaves_idempotencia.
Desde: 0.2.0';
