/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_meta_conteudo(p_mensagem jsonb) returns jsonb
language plpgsql immutable security invoker set search_path = ''
as $$
declare
    v_de text := coalesce(p_mensagem ->> 'type', '');
    -- the object named after the type; everything about it is optional, because a client error may leave it out
    v_objeto jsonb := case when jsonb_typeof(p_mensagem -> v_de) = 'object' then p_mensagem -> v_de else '{}' end;
    v_tipo text;
    v_corpo text;
    v_conteudo jsonb := '{}';
begin
    case v_de
        when 'text' then
            v_tipo := 'TEXTO';
            v_corpo := v_objeto ->> 'body';
            v_conteudo := jsonb_build_object('texto', v_corpo);
        when 'image', 'video' then
            v_tipo := case v_de when 'image' then 'IMAGEM' else 'VIDEO' end;
            v_corpo := v_objeto ->> 'caption';
            v_conteudo := jsonb_build_object('legenda', v_corpo);
        when 'document' then
            v_tipo := 'DOCUMENTO';
            v_corpo := coalesce(v_objeto ->> 'caption', v_objeto ->> 'filename');
            v_conteudo := jsonb_build_object('legenda', v_objeto ->> 'caption', 'nome', v_objeto ->> 'filename');
        when 'audio' then
            v_tipo := 'AUDIO';
            v_conteudo := jsonb_build_object('voz', v_objeto -> 'voice');
        when 'sticker' then
            v_tipo := 'FIGURINHA';
            v_conteudo := jsonb_build_object('animada', v_objeto -> 'animated');
        when 'location' then
            v_tipo := 'LOCALIZACAO';
            v_corpo := coalesce(
                nullif(concat_ws(' - ', v_objeto ->> 'name', v_objeto ->> 'address'), ''),
                concat_ws(', ', v_objeto ->> 'latitude', v_objeto ->> 'longitude')
            );
            v_conteudo := jsonb_build_object(
                'latitude', v_objeto -> 'latitude', 'longitude', v_objeto -> 'longitude', 'nome', v_objeto -> 'name',
                'endereco', v_objeto -> 'address', 'url', v_objeto -> 'url'
            );
        when 'contacts' then
            v_tipo := 'CONTATOS';
            v_conteudo := interno.entrada_meta_contatos(p_mensagem);
            v_corpo := (select string_agg(k.value #>> '{}', ', ') from jsonb_path_query(v_conteudo, '$.contatos[*].nome') as k (value));
        when 'reaction' then
            -- an empty emoji takes the reaction back
            v_tipo := 'REACAO';
            v_corpo := v_objeto ->> 'emoji';
            v_conteudo := jsonb_build_object('emoji', coalesce(v_corpo, ''));
        when 'interactive' then
            v_tipo := case v_objeto ->> 'type'
                when 'button_reply' then 'RESPOSTA_BOTAO' when 'list_reply' then 'RESPOSTA_LISTA' when 'nfm_reply' then 'RESPOSTA_FLUXO'
                else 'RESPOSTA' end;
            v_objeto := coalesce(v_objeto -> 'button_reply', v_objeto -> 'list_reply', v_objeto -> 'nfm_reply', '{}');
            v_corpo := coalesce(v_objeto ->> 'title', v_objeto ->> 'body');
            v_conteudo := jsonb_build_object(
                'id', v_objeto -> 'id', 'titulo', v_objeto -> 'title', 'descricao', v_objeto -> 'description', 'nome', v_objeto -> 'name',
                'dados', case when pg_input_is_valid(v_objeto ->> 'response_json', 'jsonb') then (v_objeto ->> 'response_json')::jsonb end
            );
        when 'button' then
            v_tipo := 'BOTAO';
            v_corpo := v_objeto ->> 'text';
            v_conteudo := jsonb_build_object('texto', v_corpo, 'carga', v_objeto ->> 'payload');
        when 'order' then
            v_tipo := 'PEDIDO';
            v_corpo := coalesce(v_objeto ->> 'text', 'Pedido');
            v_conteudo := jsonb_build_object(
                'catalogoId', v_objeto -> 'catalog_id', 'texto', v_objeto -> 'text', 'itens', v_objeto -> 'product_items'
            );
        when 'system' then
            v_tipo := 'SISTEMA';
            v_corpo := v_objeto ->> 'body';
            v_conteudo := jsonb_build_object('evento', v_objeto ->> 'type', 'bruto', v_objeto);
        when 'edit' then
            v_tipo := 'EDICAO';
            v_corpo := coalesce(
                v_objeto #>> '{message,text,body}', v_objeto #>> '{message,image,caption}', v_objeto #>> '{message,video,caption}',
                v_objeto #>> '{message,document,caption}'
            );
            v_conteudo := jsonb_build_object('texto', v_corpo);
        when 'revoke' then
            v_tipo := 'EXCLUSAO';
        when 'request_welcome' then
            v_tipo := 'BOAS_VINDAS';
        else
            v_tipo := 'NAO_SUPORTADA';
            v_corpo := 'Mensagem de um tipo que ainda não se mostra aqui';
            v_conteudo := jsonb_build_object('bruto', p_mensagem);
    end case;
    return jsonb_strip_nulls(jsonb_build_object(
        'tipo', v_tipo, 'corpo', nullif(v_corpo, ''), 'conteudo', jsonb_strip_nulls(v_conteudo),
        'midia', case when v_objeto ? 'id' and v_tipo in ('IMAGEM', 'VIDEO', 'AUDIO', 'DOCUMENTO', 'FIGURINHA') then v_objeto end
    ));
end
$$;
comment on function interno.entrada_meta_conteudo(jsonb) is
'O que uma mensagem recebida da Meta diz: {tipo, corpo?, conteudo, midia?}. Um tipo desconhecido fica guardado como veio, em bruto.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
