/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhooks_entradas_ler(p_cliente_id uuid, p_ids uuid[]) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    with valores as materialized (
        select row_number() over (order by w.id, c.n) as n, w.id as webhook_id, w.conexao_id, w.recebido_em, c.value -> 'value' as valor, c.value ->> 'field' = 'smb_message_echoes' as nossa
        from public.webhooks_recebidos as w
        cross join lateral jsonb_path_query(interno.corpo_ler(w.corpo), '$.entry[*].changes[*]') with ordinality as c (value, n)
        where w.cliente_id = p_cliente_id and w.id = any (p_ids) and c.value ->> 'field' in ('messages', 'smb_message_echoes')
    ), mensagens as materialized (
        -- never the value itself: it would be copied for each of its messages
        select v.n, m.n as posicao, v.webhook_id, v.conexao_id, v.recebido_em, v.nossa, m.value as mensagem,
            -- who the conversation is with: of what was typed on the phone, the one it was written to
            interno.jsonb_nome(case when v.nossa then m.value -> 'to' else m.value -> 'from' end, 160) as de,
            interno.jsonb_nome(case when v.nossa then m.value -> 'to_user_id' else m.value -> 'from_user_id' end, 160) as bsuid,
            case when jsonb_typeof(m.value -> 'system') = 'object' then m.value -> 'system' else '{}' end as sistema
        from valores as v
        cross join lateral jsonb_path_query(
            v.valor, case when v.nossa then '$.message_echoes[*] ? (@.type() == "object" && !exists(@.group_id))'::jsonpath
                else '$.messages[*] ? (@.type() == "object" && !exists(@.group_id))' end
        ) with ordinality as m (value, n)
    ), pessoas as materialized (
        -- by id, never by position: one value may hold messages of several people
        select distinct on (v.n, i.id) v.n, i.id, interno.jsonb_texto(k.value #> '{profile,name}', 1000) as nome
        from valores as v
        cross join lateral jsonb_path_query(v.valor, '$.contacts[*] ? (@.type() == "object")') as k (value)
        cross join lateral (values ('w' || interno.jsonb_nome(k.value -> 'wa_id', 160)), ('u' || interno.jsonb_nome(k.value -> 'user_id', 160))) as i (id)
        where i.id is not null
        order by v.n, i.id
    )
    select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'webhookId', m.webhook_id, 'conexaoId', m.conexao_id, 'idExterno', interno.jsonb_nome(m.mensagem -> 'id', 300), 'telefone', m.de, 'identidades', i.identidades,
        'nome', coalesce(pw.nome, pu.nome), 'direcao', case when m.nossa then 'SAIDA' end,
        'contextoIdExterno', coalesce(
            interno.jsonb_nome(m.mensagem #> '{context,id}', 300), interno.jsonb_nome(m.mensagem #> '{reaction,message_id}', 300),
            interno.jsonb_nome(m.mensagem #> '{edit,original_message_id}', 300),
            interno.jsonb_nome(m.mensagem #> '{revoke,original_message_id}', 300)
        ),
        'ocorridoEm', case when m.mensagem ->> 'timestamp' ~ '^[0-9]{9,11}$'
            then to_timestamp((m.mensagem ->> 'timestamp')::bigint) else m.recebido_em end,
        'recebidoEm', m.recebido_em,
        'tipo', c.lida -> 'tipo', 'corpo', c.lida -> 'corpo', 'midia', c.lida -> 'midia',
        'estranho', c.lida -> 'estranho'
    )) || jsonb_build_object('conteudo', c.lida -> 'conteudo' || jsonb_strip_nulls(jsonb_build_object(
        'anuncio', m.mensagem -> 'referral',
        'encaminhada', case when m.mensagem #> '{context,forwarded}' = 'true' or m.mensagem #> '{context,frequently_forwarded}' = 'true'
            then true end,
        'produto', m.mensagem #> '{context,referred_product}'
    ))) order by m.n, m.posicao), '[]')
    from mensagens as m
    left join pessoas as pw on pw.n = m.n and pw.id = 'w' || m.de
    left join pessoas as pu on pu.n = m.n and pu.id = 'u' || m.bsuid
    -- offset 0: read once, not once for each part of it
    cross join lateral (select interno.entrada_meta_conteudo(m.mensagem) as lida offset 0) as c
    cross join lateral (
        -- the first that is known decides: a changed id is told together with the old one, which comes first
        select jsonb_agg(jsonb_build_object('tipo', n.tipo, 'valor', n.valor) order by n.ordem) as identidades
        from (
            values
            (1, 'BSUID', interno.jsonb_nome(m.sistema -> 'previous_user_id', 160)), (2, 'BSUID', m.bsuid), (3, 'WA_ID', m.de),
            (4, 'BSUID', interno.jsonb_nome(m.sistema -> 'user_id', 160)), (5, 'WA_ID', interno.jsonb_nome(m.sistema -> 'wa_id', 160))
        ) as n (ordem, tipo, valor)
        where n.valor is not null
    ) as i;
$$;
comment on function interno.webhooks_entradas_ler(uuid, uuid[]) is
'As mensagens que há em webhooks da Meta guardados, recebidas ou escritas no aparelho (SAIDA), na forma de interno.entrada_registrar e na ordem em que chegaram. As de grupos ficam de fora; a que não se entende inteira vem marcada (estranho), ou sem idExterno ou identidades.
Erros: 22P02 quando um corpo não se lê.
Efeitos: nenhum.
Desde: 0.2.0';
