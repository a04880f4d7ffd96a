/* pgmigrate-encoding: utf-8 */
create or replace function interno.uaizap_conteudo(p_mensagem jsonb) returns jsonb
language sql immutable security invoker set search_path = ''
as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'tipo', x.tipo, 'corpo', nullif(x.corpo, ''), 'conteudo', jsonb_strip_nulls(x.conteudo), 'contexto', nullif(coalesce(x.contexto, p_mensagem ->> 'quoted'), ''),
        'midia', case when o.dentro ? 'mimetype' then jsonb_strip_nulls(jsonb_build_object(
            'id', p_mensagem ->> 'messageid', 'mime', o.dentro ->> 'mimetype', 'sha256', o.dentro ->> 'fileSHA256',
            'tamanho', case when o.dentro ->> 'fileLength' ~ '^[0-9]{1,12}$' then (o.dentro ->> 'fileLength')::bigint end,
            'nome', o.dentro ->> 'fileName'
        )) end
    ))
    from (
        select p_mensagem ->> 'messageType' as tipo, coalesce(p_mensagem ->> 'text', '') as texto,
            coalesce(p_mensagem ->> 'edited', '') <> '' as editada, coalesce(p_mensagem ->> 'buttonOrListid', '') as escolha,
            case when jsonb_typeof(p_mensagem -> 'content') = 'object' then p_mensagem -> 'content' else '{}' end as dentro
    ) as o
    cross join lateral (
        select 'EDICAO' as tipo, o.texto as corpo, jsonb_build_object('texto', o.texto) as conteudo, p_mensagem ->> 'edited' as contexto
        where o.editada
        union all
        select case o.tipo when 'ListResponseMessage' then 'RESPOSTA_LISTA' else 'RESPOSTA_BOTAO' end, o.texto, jsonb_build_object(
            'id', o.escolha, 'titulo', coalesce(o.dentro ->> 'title', o.texto), 'descricao', o.dentro ->> 'description'
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
            select 'DOCUMENTO', coalesce(nullif(o.texto, ''), o.dentro ->> 'fileName'),
                jsonb_build_object('legenda', nullif(o.texto, ''), 'nome', o.dentro ->> 'fileName'), null
            where o.tipo in ('DocumentMessage', 'DocumentWithCaptionMessage')
            union all
            select 'AUDIO', null, jsonb_build_object('voz', o.dentro -> 'PTT'), null where o.tipo = 'AudioMessage'
            union all
            select 'FIGURINHA', null, jsonb_build_object('animada', o.dentro -> 'isAnimated'), null where o.tipo = 'StickerMessage'
            union all
            select 'LOCALIZACAO', coalesce(
                    nullif(concat_ws(' - ', o.dentro ->> 'name', o.dentro ->> 'address'), ''),
                    concat_ws(', ', o.dentro ->> 'degreesLatitude', o.dentro ->> 'degreesLongitude')
                ), jsonb_build_object(
                    'latitude', o.dentro -> 'degreesLatitude', 'longitude', o.dentro -> 'degreesLongitude', 'nome', o.dentro -> 'name',
                    'endereco', o.dentro -> 'address'
                ), null
            where o.tipo in ('LocationMessage', 'LiveLocationMessage')
            union all
            select 'CONTATOS', coalesce(o.dentro ->> 'displayName', o.texto), jsonb_build_object(
                    'contatos', interno.uaizap_cartoes(o.dentro), 'vcard', o.dentro -> 'vcard'
                ), null
            where o.tipo in ('ContactMessage', 'ContactsArrayMessage')
            union all
            -- an empty emoji takes the reaction back
            select 'REACAO', o.texto, jsonb_build_object('emoji', o.texto), p_mensagem ->> 'reaction' where o.tipo = 'ReactionMessage'
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
'O que uma mensagem do servidor UaiZap diz: {tipo, corpo?, conteudo, contexto?, midia?}. Só messageType distingue os tipos; um desconhecido fica guardado como veio, em bruto.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
