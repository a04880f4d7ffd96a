/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_campanhas_log__somar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if tg_op = 'INSERT' then
        insert into public.campanhas_totais as t (cliente_id, campanha_id, chave, total)
        select n.cliente_id, n.campanha_id, n.status, count(*)
        from novas as n
        group by n.cliente_id, n.campanha_id, n.status
        order by n.campanha_id, n.status
        on conflict (cliente_id, campanha_id, chave) do update set total = t.total + excluded.total;
        if exists (select from novas as n where n.motivo is not null) then
            insert into public.campanhas_motivos as m (cliente_id, campanha_id, status, motivo, erro_codigo, total)
            select n.cliente_id, n.campanha_id, n.status, n.motivo, coalesce(n.erro_codigo, 0), count(*)
            from novas as n
            where n.motivo is not null
            group by n.cliente_id, n.campanha_id, n.status, n.motivo, coalesce(n.erro_codigo, 0)
            order by n.campanha_id, n.status, n.motivo, coalesce(n.erro_codigo, 0)
            on conflict (cliente_id, campanha_id, status, motivo, erro_codigo) do update set total = m.total + excluded.total;
        end if;
        return null;
    end if;
    -- in key order, so that two batches of one campaign wait for each other instead of deadlocking
    insert into public.campanhas_totais as t (cliente_id, campanha_id, chave, total)
    select d.cliente_id, d.campanha_id, d.chave, sum(d.passo)
    from (
        select n.cliente_id, n.campanha_id, n.status as chave, 1 as passo from novas as n
        union all select a.cliente_id, a.campanha_id, a.status, -1 from antigas as a
        union all select n.cliente_id, n.campanha_id, 'ENTREGUE', 1 from novas as n where n.entregue_em is not null
        union all select a.cliente_id, a.campanha_id, 'ENTREGUE', -1 from antigas as a where a.entregue_em is not null
        union all select n.cliente_id, n.campanha_id, 'LIDO', 1 from novas as n where n.lido_em is not null
        union all select a.cliente_id, a.campanha_id, 'LIDO', -1 from antigas as a where a.lido_em is not null
    ) as d
    group by d.cliente_id, d.campanha_id, d.chave
    having sum(d.passo) <> 0
    order by d.campanha_id, d.chave
    on conflict (cliente_id, campanha_id, chave) do update set total = t.total + excluded.total;
    -- most statements move rows that have no reason
    if exists (select from novas as n where n.motivo is not null) or exists (select from antigas as a where a.motivo is not null) then
        insert into public.campanhas_motivos as m (cliente_id, campanha_id, status, motivo, erro_codigo, total)
        select d.cliente_id, d.campanha_id, d.status, d.motivo, d.erro_codigo, sum(d.passo)
        from (
            select n.cliente_id, n.campanha_id, n.status, n.motivo, coalesce(n.erro_codigo, 0) as erro_codigo, 1 as passo
            from novas as n where n.motivo is not null
            union all
            select a.cliente_id, a.campanha_id, a.status, a.motivo, coalesce(a.erro_codigo, 0), -1
            from antigas as a where a.motivo is not null
        ) as d
        group by d.cliente_id, d.campanha_id, d.status, d.motivo, d.erro_codigo
        having sum(d.passo) <> 0
        order by d.campanha_id, d.status, d.motivo, d.erro_codigo
        on conflict (cliente_id, campanha_id, status, motivo, erro_codigo) do update set total = m.total + excluded.total;
    end if;
    return null;
end
$$;
comment on function interno.tg_campanhas_log__somar() is
'Mantém campanhas_totais e campanhas_motivos a cada comando que muda destinatários.
Erros: nenhum.
Efeitos: campanhas_totais, campanhas_motivos.
Desde: 0.1.0';
