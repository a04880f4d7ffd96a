/* pgmigrate-encoding: utf-8 */
create or replace function interno.sugestoes_calcular(p_cliente_id uuid, p_ids uuid[]) returns void
language plpgsql volatile security invoker set search_path = '' set plan_cache_mode = 'force_generic_plan'
as $$
begin
    with novos as materialized (
        select c.id, c.email_busca, c.nome_busca, c.telefone, coalesce(c.telefone, t.informado) as numero,
            case
                when interno.telefone_ambiguo(coalesce(c.telefone, t.informado))
                    then left(coalesce(c.telefone, t.informado), 5) || '9' || substr(coalesce(c.telefone, t.informado), 6)
                when c.telefone ~ '^\+55[0-9]{2}9[2-5][0-9]{7}$' then left(c.telefone, 5) || substr(c.telefone, 7)
            end as outra_forma
        from public.contatos as c
        cross join lateral (
            select case when interno.telefone_ambiguo(c.telefone_informado) then c.telefone_informado end as informado
        ) as t
        where c.cliente_id = p_cliente_id and c.id = any (p_ids) and c.removido_em is null
    ), achados as materialized (
        -- limit: without statistics of a new tenant the planner would compare every row with every contact
        select n.id, x.id as outro_id, x.motivo, x.pontos, n.nome_busca
        from novos as n
        cross join lateral (
            (
                select o.id, 'MESMO_EMAIL' as motivo, 50 as pontos from public.contatos as o
                where o.cliente_id = p_cliente_id and o.email_busca = n.email_busca and o.removido_em is null and o.id <> n.id limit 3
            )
            union all
            (
                select o.id, 'NUMERO_AMBIGUO', 40 from public.contatos as o
                where o.cliente_id = p_cliente_id and o.telefone = n.outra_forma and o.removido_em is null and o.id <> n.id limit 1
            )
            union all
            (
                select o.id, 'MESMO_NUMERO', 60 from public.contatos as o
                where o.cliente_id = p_cliente_id and n.telefone is null and o.telefone = n.numero and o.removido_em is null
                    and o.id <> n.id limit 1
            )
            union all
            (
                select k.contato_id, case when k.valor = n.numero then 'MESMO_NUMERO' else 'NUMERO_AMBIGUO' end,
                    case when k.valor = n.numero then 60 else 40 end
                from public.contatos_identidades as k
                where k.cliente_id = p_cliente_id and k.tipo = 'E164' and k.valor in (n.numero, n.outra_forma) and k.contato_id <> n.id limit 2
            )
        ) as x
    ), pares as (
        select distinct on (o.id, a.id) a.id, o.id as outro_id, a.motivo, a.nome_busca = o.nome_busca as mesmo_nome,
            least(a.pontos + case when a.nome_busca = o.nome_busca then 35 else 0 end, 100) as pontos
        from achados as a
        cross join lateral (
            -- one that is being joined or removed is no candidate, and waiting for it could lock both
            select c.id, c.nome_busca from public.contatos as c
            where c.cliente_id = p_cliente_id and c.id = a.outro_id and c.removido_em is null
            for key share skip locked
        ) as o
        order by o.id, a.id, a.pontos desc
    )
    insert into public.contatos_sugestoes (cliente_id, contato_id, outro_id, motivo, pontos, evidencia)
    select p_cliente_id, least(p.id, p.outro_id), greatest(p.id, p.outro_id), min(p.motivo), max(p.pontos),
        jsonb_build_object('mesmoNome', bool_or(p.mesmo_nome))
    from pares as p
    group by 2, 3
    order by 2, 3
    on conflict do nothing;
end
$$;
comment on function interno.sugestoes_calcular(uuid, uuid[]) is
'Sugere os contatos que talvez sejam a mesma pessoa que estes: mesmo e-mail, mesmo número ou número que só o nono dígito distingue; mais pontos com o mesmo nome.
Erros: nenhum.
Efeitos: contatos_sugestoes.
Desde: 0.3.0';
