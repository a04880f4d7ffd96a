/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhooks_uaizap_status_ler(p_cliente_id uuid, p_ids uuid[]) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    with corpos as materialized (
        select w.conexao_id, w.recebido_em, interno.corpo_ler(w.corpo) as corpo
        from public.webhooks_recebidos as w
        where w.cliente_id = p_cliente_id and w.id = any (p_ids)
    ), lidos as (
        -- the echo of our own send: the proof that it went out, with the name that the gateway gave it
        select c.conexao_id, interno.jsonb_nome(c.corpo #> '{message,messageid}', 300) as id_externo, 'sent' as status,
            (c.corpo #>> '{message,track_id}')::uuid as tentativa_id,
            interno.uaizap_hora(c.corpo #>> '{message,messageTimestamp}', c.recebido_em) as ocorrido_em, c.recebido_em
        from corpos as c
        where c.corpo ->> 'EventType' = 'messages' and lower(c.corpo #>> '{message,fromMe}') = 'true'
            and coalesce(c.corpo #>> '{message,edited}', '') = ''
            and pg_input_is_valid(c.corpo #>> '{message,track_id}', 'uuid')
        union all
        -- state, not event.Type, which varies and holds noise; receipts of our own reading say nothing of our sends
        select c.conexao_id, interno.jsonb_nome(i.valor, 300), lower(c.corpo ->> 'state'), null,
            interno.uaizap_hora(c.corpo #>> '{event,Timestamp}', c.recebido_em), c.recebido_em
        from corpos as c
        cross join lateral jsonb_path_query(c.corpo, '$.event.MessageIDs[*] ? (@.type() == "string")') as i (valor)
        where c.corpo ->> 'EventType' = 'messages_update' and c.corpo ->> 'state' in ('Delivered', 'Read', 'Played')
            and coalesce(lower(c.corpo #>> '{event,IsFromMe}'), 'false') <> 'true'
            and coalesce(lower(c.corpo #>> '{event,IsGroup}'), 'false') <> 'true'
    )
    select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'conexaoId', l.conexao_id, 'idExterno', l.id_externo, 'status', l.status, 'tentativaId', l.tentativa_id,
        'ocorridoEm', l.ocorrido_em, 'recebidoEm', l.recebido_em
    ))), '[]')
    from lidos as l
    where l.id_externo is not null;
$$;
comment on function interno.webhooks_uaizap_status_ler(uuid, uuid[]) is
'O que webhooks UaiZap guardados provam de mensagens nossas: o eco de um envio (sent, pela tentativa em track_id), entregas, leituras e reproduções.
Erros: 22P02 quando um corpo não se lê.
Efeitos: nenhum.
Desde: 0.2.0';
