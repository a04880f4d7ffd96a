/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhook_uaizap_situacao(p_corpo jsonb) returns jsonb
language sql immutable security invoker set search_path = ''
as $$
    select jsonb_build_object('status', case x.peso when 1 then 'IGNORADO' else 'DESCARTADO' end, 'motivo', x.motivo, 'texto', left(x.texto, 500))
    from (
        select p_corpo ->> 'EventType' as evento, p_corpo -> 'message' as m, p_corpo ->> 'state' as estado,
            lower(coalesce(p_corpo #>> '{message,isGroup}', p_corpo #>> '{event,IsGroup}')) = 'true' as grupo
    ) as e
    cross join lateral (
        select 2 as peso, 'GRUPO' as motivo, 'mensagens de grupos não entram na caixa de entrada' as texto
        where e.evento in ('messages', 'messages_update') and e.grupo
        union all
        select 1, 'SEM_IDENTIFICACAO', 'uma mensagem sem id ou sem a pessoa não se pode atribuir a ninguém'
        where e.evento = 'messages' and e.grupo is distinct from true and (
            coalesce(e.m ->> 'messageid', '') = ''
            or interno.uaizap_identidades(array[
                e.m ->> 'chatid', e.m ->> 'chatlid', e.m ->> 'sender_pn', e.m ->> 'sender_lid',
                p_corpo #>> '{chat,wa_chatid}', p_corpo #>> '{chat,wa_chatlid}'
            ]) is null
        )
        union all
        select 2, 'ECO_DE_OUTRO_SISTEMA', 'outro sistema enviou esta mensagem pelo mesmo aparelho'
        where e.evento = 'messages' and e.grupo is distinct from true and lower(e.m ->> 'fromMe') = 'true'
            and (lower(e.m ->> 'wasSentByApi') = 'true' or coalesce(e.m ->> 'track_id', '') <> '')
            and not pg_input_is_valid(coalesce(e.m ->> 'track_id', ''), 'uuid')
        union all
        select 2, 'SEM_EFEITO', 'um aviso do aparelho que não muda nada'
        where e.evento = 'messages_update' and e.grupo is distinct from true
            and (coalesce(e.estado, '') not in ('Delivered', 'Read', 'Played', 'Deleted'))
        union all
        select 2, 'EVENTO_SEM_USO', format('o evento %s não muda nada aqui', e.evento)
        where e.evento in (
            'history', 'newsletter_messages', 'call', 'contacts', 'presence', 'groups', 'labels', 'chats', 'chat_labels', 'blocks', 'sender'
        )
        union all
        select 1, 'EVENTO_DESCONHECIDO', left(format('o evento %s ainda não se trata', coalesce(e.evento, '(sem nome)')), 200)
        where e.evento is null or e.evento not in (
            'messages', 'messages_update', 'connection', 'history', 'newsletter_messages', 'call', 'contacts', 'presence', 'groups',
            'labels', 'chats', 'chat_labels', 'blocks', 'sender'
        )
    ) as x
    order by x.peso, x.motivo
    limit 1;
$$;
comment on function interno.webhook_uaizap_situacao(jsonb) is
'Por que um corpo de servidor UaiZap não se aplica: {status, motivo, texto}; nulo quando se trata. DESCARTADO = entendido e sem uso aqui; IGNORADO = algo que ainda não se entende.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
