/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_motivos_json(p_cliente_id uuid, p_campanha_id uuid) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        'status', m.status, 'motivo', m.motivo, 'erroCodigo', nullif(m.erro_codigo, 0), 'total', m.total,
        'texto', coalesce(e.texto, t.texto, c.texto, 'O provedor recusou'),
        'oQueSeFez', case when e.texto is not null or t.texto is null then c.texto end,
        -- as campanha_reenviar chooses
        'reenviavel', m.status in ('FALHOU', 'PULADO') and not (m.status = 'FALHOU' and m.motivo in ('OPTOUT', 'NAO_CONFIRMADO'))
            and m.motivo <> 'CAMPANHA_CANCELADA' and d.podem_em is null and (m.status <> 'PULADO' or v.alguem),
        'reenviavelEm', d.podem_em
    ) order by m.total desc, m.status, m.motivo, m.erro_codigo), '[]')
    from (
        select g.* from public.campanhas_motivos as g
        where g.cliente_id = p_cliente_id and g.campanha_id = p_campanha_id and g.total > 0
            and g.status in ('INCERTO', 'FALHOU', 'PULADO')
        order by g.total desc
        limit 100
    ) as m
    join public.campanhas as k on k.cliente_id = p_cliente_id and k.id = p_campanha_id
    -- a thousand people of the row tell when the first of them may go again
    left join lateral (
        select min(r.atualizado_em) + interval '24 hours' as podem_em
        from (
            select l.atualizado_em
            from public.campanhas_log as l
            where l.cliente_id = p_cliente_id and l.campanha_id = p_campanha_id and l.status = 'FALHOU' and l.motivo = 'DEFER'
                and coalesce(l.erro_codigo, 0) = m.erro_codigo
            limit 1000
        ) as r
        where m.status = 'FALHOU' and m.motivo = 'DEFER'
        having min(r.atualizado_em) >= now() - interval '24 hours'
    ) as d on true
    -- who was left out goes again only when what kept them out is over: a button for nobody is none. A thousand of the
    -- row are looked at; where there are more, one of those may be among them
    left join lateral (
        select case when m.total > 1000 then true when m.motivo = 'OPTOUT' then (
            select not s.ids <@ interno.marketing_recusas_ler(p_cliente_id, s.ids)
            from (
                select array(
                    select l.contato_id
                    from public.campanhas_log as l
                    where l.cliente_id = p_cliente_id and l.campanha_id = p_campanha_id and l.status = 'PULADO' and l.motivo = m.motivo
                    limit 1000
                ) as ids
            ) as s
        ) else exists (
            select from (
                select l.contato_id
                from public.campanhas_log as l
                where l.cliente_id = p_cliente_id and l.campanha_id = p_campanha_id and l.status = 'PULADO' and l.motivo = m.motivo
                limit 1000
            ) as r
            join public.contatos as c on c.cliente_id = p_cliente_id and c.id = r.contato_id
            where case m.motivo when 'REMOVIDO' then c.removido_em is null when 'BLOQUEADO' then not c.bloqueado else true end
        ) end as alguem
        where m.status = 'PULADO'
    ) as v on true
    left join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = k.conexao_id
    left join public.provedor_erros as e on e.provedor = x.provedor and e.codigo = m.erro_codigo and m.erro_codigo <> 0
    left join public.mensagens_motivos as t on t.motivo = m.motivo
    left join public.provedor_classes as c on c.classe = m.motivo;
$$;
comment on function interno.campanha_motivos_json(uuid, uuid) is
'Por que destinatários de uma campanha falharam, foram pulados ou ficaram sem confirmação: a frase, quantos são e se podem ser reenviados, ou a partir de quando; o mais comum primeiro.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
