/* pgmigrate-encoding: utf-8 */
create or replace function interno.incertos_ler(
    p_cliente_id uuid, p_agora timestamptz, p_alvo_tipo text, p_campanha_id uuid, p_conexao_id uuid, p_vencidos boolean,
    p_minutos integer, p_id uuid, p_apos uuid, p_limite integer
)
returns table (
    id uuid, alvo_tipo text, conexao_id uuid, campanha_id uuid, conversa_id uuid, contato_id uuid, motivo text, erro_texto text,
    tentativa_id uuid, desde timestamptz, revisar_em timestamptz, congelado text, vencido boolean
)
language plpgsql stable security invoker set search_path = '' set plan_cache_mode = 'force_custom_plan' rows 100
as $$
#variable_conflict use_column
declare
    -- long after the provider's own retries of a lost answer; the statuses of a healthy intake come within seconds
    c_prazo constant interval := '5 minutes';
    c_maximo constant interval := '24 hours';
    c_atraso constant interval := '30 seconds';
begin
    return query
    with atrasadas as materialized (
        select distinct w.conexao_id
        from (
            select f.alvo_id from public.fila as f
            where f.cliente_id = p_cliente_id and f.execucao = 'BANCO' and f.reservado_ate is null and f.tipo = 'webhook_processar'
            order by f.executar_em limit 5000
        ) as e
        join public.webhooks_recebidos as w on w.cliente_id = p_cliente_id and w.id = e.alvo_id
        where w.recebido_em < p_agora - c_atraso
    ), perdidos as materialized (
        select w.conexao_id, max(w.recebido_em) as ultimo
        from public.fila_morta as d
        join public.webhooks_recebidos as w on w.cliente_id = p_cliente_id and w.id = d.alvo_id
        where d.cliente_id = p_cliente_id and d.resolvida_em is null and d.tipo = 'webhook_processar'
        group by w.conexao_id
    ), incertos as (
        select l.id, 'CAMPANHA'::text as alvo_tipo, k.conexao_id, l.campanha_id, null::uuid as conversa_id, l.contato_id, l.motivo,
            l.erro_texto, l.tentativa_id, l.atualizado_em
        from public.campanhas_log as l
        join public.campanhas as k on k.cliente_id = p_cliente_id and k.id = l.campanha_id
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = l.contato_id
        where l.cliente_id = p_cliente_id and l.status = 'INCERTO' and coalesce(p_alvo_tipo, 'CAMPANHA') = 'CAMPANHA'
            and (p_campanha_id is null or l.campanha_id = p_campanha_id)
            and (p_apos is null or l.id > p_apos) and (p_id is null or l.id = p_id)
            and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
        union all
        select m.id, 'MENSAGEM', m.conexao_id, null, m.conversa_id, v.contato_id, m.motivo, m.erro_texto, m.tentativa_id, m.atualizado_em
        from public.mensagens as m
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = m.conversa_id
        where m.cliente_id = p_cliente_id and m.status = 'INCERTO' and coalesce(p_alvo_tipo, 'MENSAGEM') = 'MENSAGEM'
            and p_campanha_id is null
            and (p_apos is null or m.id > p_apos) and (p_id is null or m.id = p_id)
            and interno.visivel(p_cliente_id, v.usuario_id, v.equipe_id)
    ), medidos as (
        select i.*, b.base, e.esperada, s.primeira,
            case
                when i.conexao_id in (select a.conexao_id from atrasadas as a) then 'WEBHOOKS_ATRASADOS'
                when exists (select from perdidos as p where p.conexao_id = i.conexao_id and p.ultimo >= b.base) then 'WEBHOOKS_COM_ERRO'
                when e.esperada < b.base + c_prazo and s.primeira is null then 'SEM_WEBHOOKS'
            end as parado
        from incertos as i
        left join public.tentativas as t on t.cliente_id = p_cliente_id and t.id = i.tentativa_id
        cross join lateral (select coalesce(t.terminada_em, t.iniciada_em, i.atualizado_em) as base) as b
        -- something else that the same number sent since, and that was accepted: its statuses should be coming
        cross join lateral (
            select min(o.terminada_em) as esperada
            from (
                select n.conexao_id, n.desfecho, n.terminada_em from public.tentativas as n
                where n.cliente_id = p_cliente_id and n.id > i.tentativa_id
                order by n.id limit 200
            ) as o
            where o.conexao_id = i.conexao_id and o.desfecho = 'ACEITO'
        ) as e
        -- and the first thing that did come
        cross join lateral (
            select (
                select w.recebido_em from public.webhooks_recebidos as w
                where w.cliente_id = p_cliente_id and w.conexao_id = i.conexao_id and w.id > i.tentativa_id
                order by w.id limit 1
            ) as primeira
        ) as s
        where (p_conexao_id is null or i.conexao_id = p_conexao_id)
            and (p_minutos is null or b.base <= p_agora - p_minutos * interval '1 minute')
    ), prazos as (
        select m.*, m.base + c_prazo + case
            -- the clock stood still from when statuses should have come until the first did
            when m.esperada < m.base + c_prazo and m.primeira > greatest(m.esperada, m.base)
                then m.primeira - greatest(m.esperada, m.base)
            else interval '0'
        end as prazo
        from medidos as m
    )
    select p.id, p.alvo_tipo, p.conexao_id, p.campanha_id, p.conversa_id, p.contato_id, p.motivo, p.erro_texto, p.tentativa_id, p.base,
        case when p.parado is null then least(p.prazo, p.base + c_maximo) end, p.parado, x.vencido
    from prazos as p
    cross join lateral (
        select p_agora >= p.base + c_maximo or (p.parado is null and p_agora >= p.prazo) as vencido
    ) as x
    where x.vencido or not p_vencidos
    order by p.id
    limit p_limite;
end
$$;
comment on function interno.incertos_ler(uuid, timestamptz, text, uuid, uuid, boolean, integer, uuid, uuid, integer) is
'Envios sem confirmação que a pessoa vê, com o prazo depois do qual uma pessoa decide: 5 minutos, que não correm enquanto os webhooks daquele número atrasam (mais de 30 s por processar), falham ou deixam de vir quando deviam; no máximo 24 horas.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
