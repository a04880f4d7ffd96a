/* pgmigrate-encoding: utf-8 */
create or replace function api.mensagem_enviar(p_cliente_id uuid, p_sessao text, p_conversa_id uuid, p_tipo text, p_conteudo jsonb, p_contexto_id uuid default null,
    p_chave_idempotencia text default null, p_id uuid default null, p_atraso integer default 0, p_limpar_rascunho boolean default false,
    p_assumir boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    -- the id that the screen shows already is a key, too
    v_chave text := coalesce(p_chave_idempotencia, p_id::text);
    v_resposta jsonb;
    v_mensagem public.mensagens;
    v_versao integer;
    v_assumida boolean;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_resposta := interno.idempotencia_abrir(p_cliente_id, 'mensagem_enviar', v_chave, jsonb_build_array(p_conversa_id, p_tipo, p_conteudo, p_contexto_id, p_id));
    if v_resposta is not null then
        return v_resposta;
    end if;
    select v.versao into v_versao from public.conversas as v where v.cliente_id = p_cliente_id and v.id = p_conversa_id;
    v_assumida := (interno.conversa_voz(p_cliente_id, p_conversa_id, p_assumir)).versao <> v_versao;
    v_mensagem := interno.mensagem_enfileirar(
        p_cliente_id, p_conversa_id, p_tipo, p_conteudo, p_contexto_id, p_usuario_id => interno.usuario_corrente(), p_id => p_id,
        p_atraso => p_atraso
    );
    if p_limpar_rascunho then
        delete from public.rascunhos as r
        where r.cliente_id = p_cliente_id and r.usuario_id = interno.usuario_corrente() and r.conversa_id = p_conversa_id;
    end if;
    return interno.idempotencia_fechar(p_cliente_id, 'mensagem_enviar', v_chave, interno.mensagem_json(v_mensagem)
        || jsonb_build_object('assumida', v_assumida));
end
$$;
comment on function api.mensagem_enviar(uuid, text, uuid, text, jsonb, uuid, text, uuid, integer, boolean, boolean) is
'Envia uma mensagem numa conversa: entra na fila agora e sai na ordem em que foi escrita. Quem escreve numa conversa de ninguém passa a atendê-la; na de outra pessoa, só com p_assumir; assumida = a conversa mudou de mãos ou de estado com isso. A conexão parada não recusa: a mensagem espera. p_id: o id que a tela já mostra; repetir o mesmo pedido com ele responde a mesma mensagem. p_atraso: segundos em que ainda se pode desfazer. p_limpar_rascunho: o rascunho desta conversa some na mesma transação.
Erros: ZCG03 chave usada com outro pedido; os de conversa_voz e mensagem_enfileirar.
Efeitos: mensagens, conversas, conversas_historico, fila, rascunhos, eventos, chaves_idempotencia.
Desde: 0.2.0';
