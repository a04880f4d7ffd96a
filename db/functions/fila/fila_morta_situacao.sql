/* pgmigrate-encoding: utf-8 */
create or replace function interno.fila_morta_situacao(p_cliente_id uuid, p_ids uuid[])
returns table (
    id uuid, texto text, alvo text, volta text, alvo_status text, alvo_motivo text, campanha_id uuid, conversa_id uuid, contato_id uuid,
    recusa text
)
language sql stable security invoker set search_path = '' rows 50
as $$
    with lidas as materialized (
        select d.id, d.alvo_id, d.resolvida_em, coalesce(t.texto, d.tipo) as texto, coalesce(t.alvo, '') as alvo, t.volta, t.estados
        from public.fila_morta as d
        left join public.fila_tipos as t on t.tipo = d.tipo
        where d.cliente_id = p_cliente_id and d.id = any (p_ids)
    ), alvos as (
        -- one probe of one table for each, whatever the kind
        select d.id, l.status, l.motivo, l.campanha_id, null::uuid as conversa_id, l.contato_id, k.status as campanha_status, false as fechada
        from lidas as d
        join public.campanhas_log as l on l.cliente_id = p_cliente_id and l.id = d.alvo_id
        join public.campanhas as k on k.cliente_id = p_cliente_id and k.id = l.campanha_id
        where d.alvo = 'campanhas_log'
        union all
        select d.id, m.status, m.motivo, null, m.conversa_id, v.contato_id, null,
            x.provedor = 'META_API' and m.tipo <> 'MODELO' and coalesce(v.janela_expira_em, '-infinity') - interval '60 seconds' <= now()
        from lidas as d
        join public.mensagens as m on m.cliente_id = p_cliente_id and m.id = d.alvo_id
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = m.conversa_id
        join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = m.conexao_id
        where d.alvo = 'mensagens'
        union all
        select d.id, k.status, k.status_motivo, k.id, null, null, null, false
        from lidas as d
        join public.campanhas as k on k.cliente_id = p_cliente_id and k.id = d.alvo_id
        where d.alvo = 'campanhas'
        union all
        select d.id, w.status, w.erro_texto, null, null, null, null, false
        from lidas as d
        join public.webhooks_recebidos as w on w.cliente_id = p_cliente_id and w.id = d.alvo_id
        where d.alvo = 'webhooks_recebidos'
        union all
        select d.id, v.status, null, null, v.id, v.contato_id, null, false
        from lidas as d
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = d.alvo_id
        where d.alvo = 'conversas'
        union all
        select d.id, a.status, a.motivo, null, null, null, null, false
        from lidas as d
        join public.midias as a on a.cliente_id = p_cliente_id and a.id = d.alvo_id
        where d.alvo = 'midias'
        union all
        select d.id, a.status, a.motivo, null, null, null, null, false
        from lidas as d
        join public.midias_provedor as a on a.cliente_id = p_cliente_id and a.id = d.alvo_id
        where d.alvo = 'midias_provedor'
        union all
        select d.id, a.status, a.motivo, null, null, a.contato_id, null, false
        from lidas as d
        join public.mensagens_agendadas as a on a.cliente_id = p_cliente_id and a.id = d.alvo_id
        where d.alvo = 'mensagens_agendadas'
    )
    select d.id, d.texto, d.alvo, d.volta, a.status, a.motivo, a.campanha_id, a.conversa_id, a.contato_id,
        case
            when d.resolvida_em is not null then 'JA_RESOLVIDA'
            when d.volta is null then 'TIPO_DESCONHECIDO'
            when a.status = 'INCERTO' then 'SEM_CONFIRMACAO'
            when a.campanha_status = 'CANCELADA' then 'CAMPANHA_CANCELADA'
            when d.alvo = 'mensagens_agendadas' and a.status is distinct from 'AGENDADA' then 'JA_SEGUIU'
            when a.status = 'EXPIRADA' then 'MIDIA_EXPIRADA'
            when d.estados is not null and not coalesce(a.status = any (string_to_array(d.estados, ',')), false) then 'JA_SEGUIU'
            when d.volta <> 'FILA' and a.motivo is distinct from 'TENTATIVAS_ESGOTADAS' then 'JA_SEGUIU'
            when a.fechada then 'JANELA_FECHADA'
        end
    from lidas as d
    left join alvos as a on a.id = d.id;
$$;
comment on function interno.fila_morta_situacao(uuid, uuid[]) is
'Do que cada trabalho desistido tratava, como está isso agora e por que não pode voltar à fila (recusa nula = pode).
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
