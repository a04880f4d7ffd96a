/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_resumir(p_cliente_id uuid, p_id uuid) returns void
language sql volatile security invoker set search_path = ''
as $$
    with minhas as materialized (
        select m.id, m.tipo, m.ocorrido_em, m.recebido_em, m.direcao = 'ENTRADA' and m.tipo <> 'SISTEMA' as entrada,
            m.direcao = 'SAIDA' and m.origem in ('HUMANO', 'APARELHO') as resposta
        from public.mensagens as m
        where m.cliente_id = p_cliente_id and m.conversa_id = p_id and m.motivo is distinct from 'CANCELADA'
    ), soma as (
        select max(n.recebido_em) as recebida, max(n.ocorrido_em) filter (where n.entrada) as entrada,
            max(n.ocorrido_em) filter (where n.resposta) as resposta,
            max(least(n.ocorrido_em, n.recebido_em)) filter (where n.entrada) + interval '24 hours' as janela,
            (array_agg(n.id order by n.ocorrido_em desc, n.id desc) filter (where n.tipo not in ('EDICAO', 'EXCLUSAO')))[1] as ultima
        from minhas as n
    ), esperas as (
        select min(n.ocorrido_em) as desde, count(*) as quantas
        from minhas as n
        cross join soma as s
        where n.entrada and n.tipo not in ('REACAO', 'EDICAO', 'EXCLUSAO') and n.ocorrido_em > coalesce(s.resposta, '-infinity')
    )
    update public.conversas as v
    set ultima_mensagem_id = s.ultima, ultima_mensagem_em = coalesce(s.recebida, v.criado_em), ultima_entrada_em = s.entrada,
        respondida_ate = s.resposta, janela_expira_em = s.janela, espera_desde = e.desde, nao_lidas = least(e.quantas, v.nao_lidas)
    from soma as s
    cross join esperas as e
    where v.cliente_id = p_cliente_id and v.id = p_id;
$$;
comment on function interno.conversa_resumir(uuid, uuid) is
'Refaz das mensagens o que a conversa lembra delas (o que tg_mensagens__resumir mantém), quando uma sai dela ou se desfaz; as não lidas só diminuem.
Erros: nenhum.
Efeitos: conversas.
Desde: 0.3.0';
