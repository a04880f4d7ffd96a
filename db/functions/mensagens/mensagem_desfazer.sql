/* pgmigrate-encoding: utf-8 */
create or replace function api.mensagem_desfazer(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_mensagem public.mensagens;
    v_texto text;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_mensagem := interno.mensagem_visivel(p_cliente_id, p_id);
    if v_mensagem.motivo = 'CANCELADA' then
        return interno.mensagem_json(v_mensagem);
    end if;
    v_mensagem := interno.mensagem_retirar(p_cliente_id, p_id);
    v_texto := coalesce(v_mensagem.conteudo ->> 'texto', v_mensagem.conteudo ->> 'legenda', '');
    if v_texto <> '' then
        -- before what was begun meanwhile, which stays a note if it is one
        insert into public.rascunhos as r (cliente_id, usuario_id, conversa_id, texto, contexto_id)
        values (p_cliente_id, interno.usuario_corrente(), v_mensagem.conversa_id, v_texto, v_mensagem.contexto_id)
        on conflict (cliente_id, usuario_id, conversa_id) do update
        set texto = excluded.texto || e'\n' || r.texto, contexto_id = coalesce(r.contexto_id, excluded.contexto_id);
    end if;
    return interno.mensagem_json(v_mensagem);
end
$$;
comment on function api.mensagem_desfazer(uuid, text, uuid) is
'Desfaz uma mensagem que ainda não começou a sair, e o que ela dizia (texto ou legenda, com o que citava) volta ao rascunho de quem pede, antes do que já houver nele; repetir não o traz duas vezes.
Erros: ZNV02 mensagem não encontrada; 23514 não cabe no rascunho; os de mensagem_retirar.
Efeitos: fila, mensagens, conversas, rascunhos, eventos.
Desde: 0.3.0';
