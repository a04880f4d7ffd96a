/* pgmigrate-encoding: utf-8 */
create or replace function api.resposta_rapida_renderizar(p_cliente_id uuid, p_sessao text, p_id uuid, p_conversa_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conversa public.conversas;
    v_resposta public.respostas_rapidas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_conversa := interno.conversa_visivel(p_cliente_id, p_conversa_id);
    v_resposta := interno.resposta_ver(p_cliente_id, p_id);
    return interno.texto_variaveis(v_resposta.texto, interno.resposta_valores(p_cliente_id, v_conversa))
        || jsonb_build_object('id', p_id, 'conversaId', p_conversa_id, 'midias', interno.resposta_json(v_resposta) -> 'midias');
end
$$;
comment on function api.resposta_rapida_renderizar(uuid, text, uuid, uuid) is
'Uma resposta rápida pronta para uma conversa: o texto preenchido, os arquivos e as variáveis que faltam, para que se veja antes de enviar.
Erros: ZNV82 resposta rápida não encontrada; ZNV01 conversa não encontrada.
Efeitos: nenhum.
Desde: 0.3.0';
