/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_meta_conteudo(p_mensagem jsonb) returns jsonb
language plpgsql immutable security invoker set search_path = ''
as $$
declare
    v_de text := coalesce(interno.jsonb_texto(p_mensagem -> 'type', 100), '');
    -- the object named after the type; everything about it is optional, because a client error may leave it out
    v_objeto jsonb := case when jsonb_typeof(p_mensagem -> v_de) = 'object' then p_mensagem -> v_de else '{}' end;
    v_tipo text;
    v_corpo text;
    v_conteudo jsonb := '{}';
    v_estranho boolean;
begin
    case v_de
        when 'text' then
            v_tipo := 'TEXTO';
            v_corpo := interno.jsonb_texto(v_objeto -> 'body', 65536);
            v_conteudo := jsonb_build_object('texto', v_corpo);
        when 'image', 'video' then
            v_tipo := case v_de when 'image' then 'IMAGEM' else 'VIDEO' end;
            v_corpo := interno.jsonb_texto(v_objeto -> 'caption', 65536);
            v_conteudo := jsonb_build_object('legenda', v_corpo);
        when 'document' then
            v_tipo := 'DOCUMENTO';
            v_corpo := coalesce(interno.jsonb_texto(v_objeto -> 'caption', 65536), interno.jsonb_texto(v_objeto -> 'filename', 4096));
            v_conteudo := jsonb_build_object(
                'legenda', interno.jsonb_texto(v_objeto -> 'caption', 65536), 'nome', interno.jsonb_texto(v_objeto -> 'filename', 4096)
            );
        when 'audio' then
            v_tipo := 'AUDIO';
            v_conteudo := jsonb_build_object('voz', v_objeto -> 'voice');
        when 'sticker' then
            v_tipo := 'FIGURINHA';
            v_conteudo := jsonb_build_object('animada', v_objeto -> 'animated');
        when 'location' then
            v_tipo := 'LOCALIZACAO';
            v_corpo := coalesce(
                nullif(concat_ws(' - ', interno.jsonb_texto(v_objeto -> 'name', 4096), interno.jsonb_texto(v_objeto -> 'address', 4096)), ''),
                concat_ws(', ', left(v_objeto ->> 'latitude', 30), left(v_objeto ->> 'longitude', 30))
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
            v_corpo := interno.jsonb_texto(v_objeto -> 'emoji', 100);
            v_conteudo := jsonb_build_object('emoji', coalesce(v_corpo, ''));
        when 'interactive' then
            v_tipo := case v_objeto ->> 'type'
                when 'button_reply' then 'RESPOSTA_BOTAO' when 'list_reply' then 'RESPOSTA_LISTA' when 'nfm_reply' then 'RESPOSTA_FLUXO'
                else 'RESPOSTA' end;
            v_objeto := coalesce(v_objeto -> 'button_reply', v_objeto -> 'list_reply', v_objeto -> 'nfm_reply', '{}');
            v_corpo := coalesce(interno.jsonb_texto(v_objeto -> 'title', 65536), interno.jsonb_texto(v_objeto -> 'body', 65536));
            v_conteudo := jsonb_build_object(
                'id', v_objeto -> 'id', 'titulo', v_objeto -> 'title', 'descricao', v_objeto -> 'description', 'nome', v_objeto -> 'name',
                'dados', interno.corpo_tentar(convert_to(interno.jsonb_texto(v_objeto -> 'response_json', 65536), 'UTF8'))
            );
        when 'button' then
            v_tipo := 'BOTAO';
            v_corpo := interno.jsonb_texto(v_objeto -> 'text', 65536);
            v_conteudo := jsonb_build_object('texto', v_corpo, 'carga', interno.jsonb_texto(v_objeto -> 'payload', 4096));
        when 'order' then
            v_tipo := 'PEDIDO';
            v_corpo := coalesce(interno.jsonb_texto(v_objeto -> 'text', 65536), 'Pedido');
            v_conteudo := jsonb_build_object(
                'catalogoId', v_objeto -> 'catalog_id', 'texto', v_objeto -> 'text', 'itens', v_objeto -> 'product_items'
            );
        when 'system' then
            v_tipo := 'SISTEMA';
            v_corpo := interno.jsonb_texto(v_objeto -> 'body', 65536);
            v_conteudo := jsonb_build_object('evento', interno.jsonb_texto(v_objeto -> 'type', 100), 'bruto', v_objeto);
        when 'edit' then
            v_tipo := 'EDICAO';
            v_corpo := coalesce(
                interno.jsonb_texto(v_objeto #> '{message,text,body}', 65536),
                interno.jsonb_texto(v_objeto #> '{message,image,caption}', 65536),
                interno.jsonb_texto(v_objeto #> '{message,video,caption}', 65536),
                interno.jsonb_texto(v_objeto #> '{message,document,caption}', 65536)
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
    -- a text that is none, an id that names nothing, an object that is none
    v_estranho := coalesce(jsonb_typeof(p_mensagem -> 'type') <> 'string', false)
        or coalesce(v_tipo <> 'CONTATOS' and jsonb_typeof(p_mensagem -> v_de) not in ('object', 'null'), false)
        or jsonb_typeof(v_objeto) <> 'object'
        or jsonb_path_exists(v_objeto, '$.keyvalue() ? (@.value.type() != "string" && @.value.type() != "null" && @.key like_regex
            "^(body|caption|filename|id|mime_type|sha256|url|name|address|emoji|text|payload|catalog_id|type|title|description|response_json)$"
        )', '{}', true)
        or (v_tipo = 'EDICAO' and v_corpo is null and jsonb_path_exists(v_objeto, '$.message.*.keyvalue() ? (@.key == "body" || @.key == "caption")', '{}', true))
        or (v_tipo in ('REACAO', 'EDICAO', 'EXCLUSAO') and interno.jsonb_nome(
            coalesce(v_objeto -> 'message_id', v_objeto -> 'original_message_id', '"-"'), 300
        ) is null);
    if v_estranho and v_corpo is null and v_tipo in ('TEXTO', 'BOTAO', 'RESPOSTA', 'RESPOSTA_BOTAO', 'RESPOSTA_LISTA', 'RESPOSTA_FLUXO') then
        v_tipo := 'NAO_SUPORTADA';
        v_corpo := 'Mensagem de um tipo que ainda não se mostra aqui';
        v_conteudo := jsonb_build_object('bruto', p_mensagem);
    end if;
    return jsonb_strip_nulls(jsonb_build_object(
        'tipo', v_tipo, 'corpo', nullif(v_corpo, ''), 'conteudo', jsonb_strip_nulls(v_conteudo),
        'midia', case when v_objeto ? 'id' and v_tipo in ('IMAGEM', 'VIDEO', 'AUDIO', 'DOCUMENTO', 'FIGURINHA') then v_objeto end,
        'estranho', nullif(v_estranho, false)
    ));
end
$$;
comment on function interno.entrada_meta_conteudo(jsonb) is
'O que uma mensagem recebida da Meta diz: {tipo, corpo?, conteudo, midia?, estranho?}. Um tipo desconhecido fica guardado como veio, em bruto; estranho = traz valores que não são o que deviam ser.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
