/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_leva(
    p_cliente_id uuid, p_campanha_id uuid, p_conexao_id uuid, p_vagas integer, p_agora timestamptz
) returns table (leva uuid[], volta_em timestamptz)
language plpgsql volatile security invoker set search_path = '' rows 1
as $$
declare
    c_janela constant interval := '24 hours';
    r_uso record;
begin
    -- taken as an array: a campaign just frozen has no statistics yet, and a join would be planned for one row
    leva := array(
        select l.id
        from public.campanhas_log as l
        where l.cliente_id = p_cliente_id and l.campanha_id = p_campanha_id and l.status = 'PENDENTE'
        order by l.id
        limit p_vagas
    );
    select u.* into r_uso from interno.portfolio_uso(p_cliente_id, p_conexao_id, p_agora) as u;
    if r_uso.portfolio_id is null or cardinality(leva) = 0 then
        return next;
        return;
    end if;
    -- one feeder of the account at a time; another simply comes back
    if not pg_try_advisory_xact_lock(hashtextextended('portfolio:' || r_uso.portfolio_id, 0)) then
        leva := '{}';
        return next;
        return;
    end if;
    select u.* into r_uso from interno.portfolio_uso(p_cliente_id, p_conexao_id, p_agora) as u;
    select coalesce(array_agg(n.id order by n.id), '{}') into leva
    from (
        select a.id, a.custa, count(*) filter (where a.custa) over (order by a.id) as ordem
        from (
            select l.id, not exists (
                select from public.portfolio_contatos as c
                where c.cliente_id = p_cliente_id and c.portfolio_id = r_uso.portfolio_id and c.contato_id = l.contato_id
                    and c.ultimo_em > p_agora - c_janela
            ) and not exists (
                select from public.conversas as v
                where v.cliente_id = p_cliente_id and v.contato_id = l.contato_id and v.conexao_id = p_conexao_id
                    and v.janela_expira_em > p_agora
            ) as custa
            from public.campanhas_log as l
            where l.cliente_id = p_cliente_id and l.id = any (leva)
        ) as a
    ) as n
    where not n.custa or n.ordem <= r_uso.limite - r_uso.usados - r_uso.em_curso;
    if cardinality(leva) = 0 then
        -- everybody in front costs: who was reached already, and costs nothing, may be further down
        leva := array(
            select l.id
            from public.portfolio_contatos as c
            join public.campanhas_log as l
                on l.cliente_id = p_cliente_id and l.campanha_id = p_campanha_id and l.contato_id = c.contato_id and l.status = 'PENDENTE'
            where c.cliente_id = p_cliente_id and c.portfolio_id = r_uso.portfolio_id and c.ultimo_em > p_agora - c_janela
            limit p_vagas
        );
    end if;
    if cardinality(leva) = 0 then
        -- what is on its way may yet not count
        volta_em := case when r_uso.em_curso > 0 then p_agora + interval '5 seconds'
            else greatest(p_agora + interval '30 seconds', coalesce(r_uso.livre_em, p_agora + interval '1 hour')) end;
        delete from public.portfolio_contatos as c
        where c.cliente_id = p_cliente_id and c.portfolio_id = r_uso.portfolio_id and c.contato_id in (
            select o.contato_id from public.portfolio_contatos as o
            where o.cliente_id = p_cliente_id and o.portfolio_id = r_uso.portfolio_id and o.ultimo_em <= p_agora - 2 * c_janela
            order by o.ultimo_em
            limit 2000
        );
    end if;
    return next;
end
$$;
comment on function interno.campanha_leva(uuid, uuid, uuid, integer, timestamptz) is
'Os próximos destinatários, até p_vagas, que cabem no limite de pessoas em 24 h da conta; quem já foi procurado na janela, ou está em atendimento, não custa. volta_em: sem ninguém que caiba, quando olhar de novo.
Erros: nenhum.
Efeitos: portfolio_contatos (apaga os que já não contam).
Desde: 0.2.0';
