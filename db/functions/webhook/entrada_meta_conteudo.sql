/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_meta_conteudo(p_mensagem jsonb) returns jsonb
language sql immutable security invoker set search_path = ''
as $$
    -- the object named after the type; everything about it is optional, because a client error may leave it out
    select jsonb_strip_nulls(jsonb_build_object('tipo', x.tipo, 'corpo', nullif(x.corpo, ''), 'conteudo', jsonb_strip_nulls(x.conteudo),
        'midia', case when o.objeto ? 'id' and t.tipo in ('image', 'video', 'audio', 'document', 'sticker') then jsonb_strip_nulls(jsonb_build_object(
            'id', o.objeto ->> 'id', 'mime', o.objeto ->> 'mime_type', 'sha256', o.objeto ->> 'sha256', 'url', o.objeto ->> 'url',
            'nome', o.objeto ->> 'filename'
        )) end))
    from (select p_mensagem ->> 'type' as tipo) as t
    cross join lateral (
        select case when jsonb_typeof(p_mensagem -> t.tipo) = 'object' then p_mensagem -> t.tipo else '{}' end as objeto
    ) as o
    cross join lateral (
        select coalesce(o.objeto #> '{button_reply}', o.objeto #> '{list_reply}', o.objeto #> '{nfm_reply}') as resposta
    ) as r
    cross join lateral (
        select 'TEXTO' as tipo, o.objeto ->> 'body' as corpo, jsonb_build_object('texto', o.objeto ->> 'body') as conteudo
        where t.tipo = 'text'
        union all
        select case t.tipo when 'image' then 'IMAGEM' else 'VIDEO' end, o.objeto ->> 'caption',
            jsonb_build_object('legenda', o.objeto ->> 'caption')
        where t.tipo in ('image', 'video')
        union all
        select 'DOCUMENTO', coalesce(o.objeto ->> 'caption', o.objeto ->> 'filename'),
            jsonb_build_object('legenda', o.objeto ->> 'caption', 'nome', o.objeto ->> 'filename')
        where t.tipo = 'document'
        union all
        select 'AUDIO', null, jsonb_build_object('voz', o.objeto -> 'voice') where t.tipo = 'audio'
        union all
        select 'FIGURINHA', null, jsonb_build_object('animada', o.objeto -> 'animated') where t.tipo = 'sticker'
        union all
        select 'LOCALIZACAO', coalesce(
                nullif(concat_ws(' - ', o.objeto ->> 'name', o.objeto ->> 'address'), ''),
                concat_ws(', ', o.objeto ->> 'latitude', o.objeto ->> 'longitude')
            ), jsonb_build_object(
                'latitude', o.objeto -> 'latitude', 'longitude', o.objeto -> 'longitude', 'nome', o.objeto -> 'name',
                'endereco', o.objeto -> 'address', 'url', o.objeto -> 'url'
            )
        where t.tipo = 'location'
        union all
        select 'CONTATOS', (
                select string_agg(k.value #>> '{name,formatted_name}', ', ')
                from jsonb_path_query(p_mensagem, '$.contacts[*] ? (@.type() == "object")') as k (value)
            ), jsonb_build_object('contatos', (
                select jsonb_agg(jsonb_build_object(
                    'nome', k.value #>> '{name,formatted_name}', 'primeiroNome', k.value #>> '{name,first_name}',
                    'sobrenome', k.value #>> '{name,last_name}', 'organizacao', k.value #>> '{org,company}',
                    'telefones', (
                        select jsonb_agg(jsonb_build_object('telefone', f.value ->> 'phone', 'tipo', f.value ->> 'type', 'waId', f.value ->> 'wa_id'))
                        from jsonb_path_query(k.value, '$.phones[*] ? (@.type() == "object")') as f (value)
                    ),
                    'emails', (
                        select jsonb_agg(jsonb_build_object('email', f.value ->> 'email', 'tipo', f.value ->> 'type'))
                        from jsonb_path_query(k.value, '$.emails[*] ? (@.type() == "object")') as f (value)
                    )
                ))
                from jsonb_path_query(p_mensagem, '$.contacts[*] ? (@.type() == "object")') as k (value)
            ))
        where t.tipo = 'contacts'
        union all
        -- an empty emoji takes the reaction back
        select 'REACAO', o.objeto ->> 'emoji', jsonb_build_object('emoji', coalesce(o.objeto ->> 'emoji', '')) where t.tipo = 'reaction'
        union all
        select case o.objeto ->> 'type'
                when 'button_reply' then 'RESPOSTA_BOTAO' when 'list_reply' then 'RESPOSTA_LISTA' when 'nfm_reply' then 'RESPOSTA_FLUXO'
                else 'RESPOSTA' end,
            coalesce(r.resposta ->> 'title', r.resposta ->> 'body'),
            jsonb_build_object(
                'id', r.resposta -> 'id', 'titulo', r.resposta -> 'title', 'descricao', r.resposta -> 'description',
                'nome', r.resposta -> 'name', 'dados', case when pg_input_is_valid(r.resposta ->> 'response_json', 'jsonb')
                    then (r.resposta ->> 'response_json')::jsonb end
            )
        where t.tipo = 'interactive'
        union all
        select 'BOTAO', o.objeto ->> 'text', jsonb_build_object('texto', o.objeto ->> 'text', 'carga', o.objeto ->> 'payload')
        where t.tipo = 'button'
        union all
        select 'PEDIDO', coalesce(o.objeto ->> 'text', 'Pedido'), jsonb_build_object(
            'catalogoId', o.objeto -> 'catalog_id', 'texto', o.objeto -> 'text', 'itens', o.objeto -> 'product_items'
        )
        where t.tipo = 'order'
        union all
        select 'SISTEMA', o.objeto ->> 'body', jsonb_build_object('evento', o.objeto ->> 'type', 'bruto', o.objeto) where t.tipo = 'system'
        union all
        select 'EDICAO', coalesce(o.objeto #>> '{message,text,body}', o.objeto #>> '{message,image,caption}', o.objeto #>> '{message,video,caption}'),
            jsonb_build_object('mensagem', o.objeto -> 'message')
        where t.tipo = 'edit'
        union all
        select 'EXCLUSAO', null, '{}' where t.tipo = 'revoke'
        union all
        select 'BOAS_VINDAS', null, '{}' where t.tipo = 'request_welcome'
        union all
        select 'NAO_SUPORTADA', 'Mensagem de um tipo que ainda não se mostra aqui', jsonb_build_object('bruto', p_mensagem)
        where t.tipo is null or t.tipo not in (
            'text', 'image', 'video', 'document', 'audio', 'sticker', 'location', 'contacts', 'reaction', 'interactive', 'button', 'order',
            'system', 'edit', 'revoke', 'request_welcome'
        )
    ) as x;
$$;
comment on function interno.entrada_meta_conteudo(jsonb) is
'O que uma mensagem recebida da Meta diz: {tipo, corpo?, conteudo, midia?}. Um tipo desconhecido fica guardado como veio, em bruto.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
