/* pgmigrate-encoding: utf-8 */
create or replace function interno.uaizap_conteudo(p_mensagem jsonb) returns jsonb
language sql immutable security invoker set search_path = ''
as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'tipo', x.tipo, 'corpo', nullif(x.corpo, ''), 'conteudo', jsonb_strip_nulls(x.conteudo), 'contexto', nullif(coalesce(x.contexto, interno.jsonb_nome(p_mensagem -> 'quoted', 300)), ''),
        'midia', case when o.dentro ? 'mimetype' then jsonb_strip_nulls(jsonb_build_object(
            'id', interno.jsonb_nome(p_mensagem -> 'messageid', 300), 'mime', interno.jsonb_texto(o.dentro -> 'mimetype', 4096), 'sha256', interno.jsonb_texto(o.dentro -> 'fileSHA256', 4096),
            'tamanho', case when o.dentro ->> 'fileLength' ~ '^[0-9]{1,12}$' then (o.dentro ->> 'fileLength')::bigint end,
            'nome', interno.jsonb_texto(o.dentro -> 'fileName', 4096)
        )) end,
        -- a text that is none, an id that names nothing, an object that is none
        'estranho', nullif(
            coalesce(jsonb_typeof(p_mensagem -> 'content') not in ('object', 'string', 'null'), false)
            or jsonb_path_exists(p_mensagem, '$.keyvalue() ? (@.value.type() != "string" && @.value.type() != "null"
                && @.key like_regex "^(text|messageType|edited|buttonOrListid|quoted|reaction)$"
            )', '{}', true)
            or (x.tipo = 'REACAO' and p_mensagem ? 'reaction' and interno.jsonb_nome(p_mensagem -> 'reaction', 300) is null),
            false
        )
    ))
    from (
        select interno.jsonb_texto(p_mensagem -> 'messageType', 100) as tipo, coalesce(interno.jsonb_texto(p_mensagem -> 'text', 65536), '') as texto,
            interno.jsonb_nome(p_mensagem -> 'edited', 300) is not null as editada,
            coalesce(interno.jsonb_texto(p_mensagem -> 'buttonOrListid', 1000), '') as escolha,
            case when jsonb_typeof(p_mensagem -> 'content') = 'object' then p_mensagem -> 'content' else '{}' end as dentro
    ) as o
    cross join lateral (
        select 'EDICAO' as tipo, o.texto as corpo, jsonb_build_object('texto', o.texto) as conteudo, interno.jsonb_nome(p_mensagem -> 'edited', 300) as contexto
        where o.editada
        union all
        select case o.tipo when 'ListResponseMessage' then 'RESPOSTA_LISTA' else 'RESPOSTA_BOTAO' end, o.texto, jsonb_build_object(
            'id', o.escolha, 'titulo', coalesce(interno.jsonb_texto(o.dentro -> 'title', 4096), o.texto), 'descricao', interno.jsonb_texto(o.dentro -> 'description', 4096)
        ), null
        where not o.editada and o.escolha <> ''
        union all
        select t.tipo, t.corpo, t.conteudo, t.contexto
        from (
            select 'TEXTO' as tipo, o.texto as corpo, jsonb_build_object('texto', o.texto) as conteudo, null::text as contexto
            where o.tipo in ('Conversation', 'ExtendedTextMessage')
            union all
            select case o.tipo when 'ImageMessage' then 'IMAGEM' else 'VIDEO' end, o.texto, jsonb_build_object('legenda', nullif(o.texto, '')), null
            where o.tipo in ('ImageMessage', 'VideoMessage', 'PtvMessage')
            union all
            select 'DOCUMENTO', coalesce(nullif(o.texto, ''), interno.jsonb_texto(o.dentro -> 'fileName', 4096)),
                jsonb_build_object('legenda', nullif(o.texto, ''), 'nome', interno.jsonb_texto(o.dentro -> 'fileName', 4096)), null
            where o.tipo in ('DocumentMessage', 'DocumentWithCaptionMessage')
            union all
            select 'AUDIO', null, jsonb_build_object('voz', o.dentro -> 'PTT'), null where o.tipo = 'AudioMessage'
            union all
            select 'FIGURINHA', null, jsonb_build_object('animada', o.dentro -> 'isAnimated'), null where o.tipo = 'StickerMessage'
            union all
            select 'LOCALIZACAO', coalesce(
                    nullif(concat_ws(' - ', interno.jsonb_texto(o.dentro -> 'name', 4096), interno.jsonb_texto(o.dentro -> 'address', 4096)), ''),
                    concat_ws(', ', left(o.dentro ->> 'degreesLatitude', 30), left(o.dentro ->> 'degreesLongitude', 30))
                ), jsonb_build_object(
                    'latitude', o.dentro -> 'degreesLatitude', 'longitude', o.dentro -> 'degreesLongitude', 'nome', o.dentro -> 'name',
                    'endereco', o.dentro -> 'address'
                ), null
            where o.tipo in ('LocationMessage', 'LiveLocationMessage')
            union all
            select 'CONTATOS', coalesce(interno.jsonb_texto(o.dentro -> 'displayName', 4096), o.texto), jsonb_build_object(
                    'contatos', interno.uaizap_cartoes(o.dentro), 'vcard', o.dentro -> 'vcard'
                ), null
            where o.tipo in ('ContactMessage', 'ContactsArrayMessage')
            union all
            -- an empty emoji takes the reaction back
            select 'REACAO', o.texto, jsonb_build_object('emoji', o.texto), interno.jsonb_nome(p_mensagem -> 'reaction', 300) where o.tipo = 'ReactionMessage'
            union all
            select 'NAO_SUPORTADA', coalesce(nullif(o.texto, ''), 'Mensagem de um tipo que ainda não se mostra aqui'),
                jsonb_build_object('bruto', p_mensagem), null
            where o.tipo is null or o.tipo not in (
                'Conversation', 'ExtendedTextMessage', 'ImageMessage', 'VideoMessage', 'PtvMessage', 'DocumentMessage',
                'DocumentWithCaptionMessage', 'AudioMessage', 'StickerMessage', 'LocationMessage', 'LiveLocationMessage', 'ContactMessage',
                'ContactsArrayMessage', 'ReactionMessage'
            )
        ) as t
        where not o.editada and o.escolha = ''
    ) as x;
$$;
comment on function interno.uaizap_conteudo(jsonb) is
'O que uma mensagem do servidor UaiZap diz: {tipo, corpo?, conteudo, contexto?, midia?, estranho?}. Só messageType distingue os tipos; um desconhecido fica guardado como veio, em bruto; estranho = traz valores que não são o que deviam ser.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
