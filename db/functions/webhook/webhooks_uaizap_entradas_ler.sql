/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhooks_uaizap_entradas_ler(p_cliente_id uuid, p_ids uuid[]) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    with corpos as materialized (
        select w.id as webhook_id, w.conexao_id, w.recebido_em, interno.corpo_ler(w.corpo) as corpo
        from public.webhooks_recebidos as w
        where w.cliente_id = p_cliente_id and w.id = any (p_ids)
    ), mensagens as materialized (
        select c.webhook_id, c.conexao_id, c.recebido_em, c.corpo -> 'message' as m, c.corpo -> 'chat' as chat,
            lower(c.corpo #>> '{message,fromMe}') = 'true' as nossa
        from corpos as c
        where c.corpo ->> 'EventType' = 'messages' and coalesce(lower(c.corpo #>> '{message,isGroup}'), 'false') <> 'true'
            and jsonb_typeof(c.corpo -> 'message') = 'object'
            -- what went out through the API is ours already, or no business of ours
            and not coalesce(lower(c.corpo #>> '{message,fromMe}') = 'true' and (
                lower(c.corpo #>> '{message,wasSentByApi}') = 'true' or coalesce(c.corpo #>> '{message,track_id}', '') <> ''
            ), false)
    ), itens as (
        select m.webhook_id, m.conexao_id, m.recebido_em, interno.jsonb_nome(m.m -> 'messageid', 300) as id_externo, m.nossa,
            case when m.nossa then array[m.m ->> 'chatid', m.m ->> 'chatlid', m.chat ->> 'wa_chatid', m.chat ->> 'wa_chatlid']
                else array[m.m ->> 'chatid', m.m ->> 'sender_pn', m.m ->> 'chatlid', m.m ->> 'sender_lid'] end as nomes,
            coalesce(
                case when not m.nossa then interno.jsonb_nome(m.m -> 'senderName', 1000) end, interno.jsonb_nome(m.chat -> 'wa_name', 1000),
                interno.jsonb_nome(m.chat -> 'name', 1000)
            ) as nome,
            interno.uaizap_hora(m.m ->> 'messageTimestamp', m.recebido_em) as ocorrido_em, interno.uaizap_conteudo(m.m) as lida
        from mensagens as m
        union all
        -- taken back by its author: it has no id of its own
        select c.webhook_id, c.conexao_id, c.recebido_em, 'apagada:' || i.valor, lower(c.corpo #>> '{event,IsFromMe}') = 'true',
            array[c.corpo #>> '{event,chatid}', c.corpo #>> '{event,Chat}', c.corpo #>> '{event,chatlid}'], null,
            interno.uaizap_hora(c.corpo #>> '{event,Timestamp}', c.recebido_em),
            jsonb_build_object('tipo', 'EXCLUSAO', 'conteudo', '{}'::jsonb, 'contexto', i.valor)
        from corpos as c
        cross join lateral jsonb_path_query(c.corpo, '$.event.MessageIDs[*]') as j (valor)
        -- with the word before it, it is a name as well
        cross join lateral (select interno.jsonb_nome(j.valor, 290) as valor) as i
        where c.corpo ->> 'EventType' = 'messages_update' and c.corpo ->> 'state' = 'Deleted'
            and coalesce(lower(c.corpo #>> '{event,IsGroup}'), 'false') <> 'true'
    )
    select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'webhookId', i.webhook_id, 'conexaoId', i.conexao_id, 'idExterno', i.id_externo, 'identidades', n.identidades, 'telefone', n.telefone,
        'nome', left(i.nome, 200), 'direcao', case when i.nossa then 'SAIDA' end, 'tipo', i.lida -> 'tipo', 'corpo', i.lida -> 'corpo',
        'contextoIdExterno', i.lida -> 'contexto', 'ocorridoEm', i.ocorrido_em, 'recebidoEm', i.recebido_em, 'midia', i.lida -> 'midia',
        'estranho', i.lida -> 'estranho'
    )) || jsonb_build_object('conteudo', i.lida -> 'conteudo') order by i.webhook_id), '[]')
    from itens as i
    cross join lateral (
        select x.identidades, (
            select substring(d.valor ->> 'valor' from '^([0-9]+)@s') from jsonb_array_elements(x.identidades) as d (valor)
            where d.valor ->> 'tipo' = 'JID' limit 1
        ) as telefone
        from (select interno.uaizap_identidades(i.nomes) as identidades) as x
    ) as n;
$$;
comment on function interno.webhooks_uaizap_entradas_ler(uuid, uuid[]) is
'As mensagens que há em webhooks UaiZap guardados, na forma de interno.entrada_registrar e na ordem em que chegaram: recebidas, escritas no aparelho (SAIDA) e apagadas por quem as escreveu. As de grupos e as que saíram pela API ficam de fora; a que não se entende inteira vem marcada (estranho), ou sem idExterno ou identidades.
Erros: 22P02 quando um corpo não se lê.
Efeitos: nenhum.
Desde: 0.2.0';
