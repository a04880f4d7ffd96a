/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_prova_resumo(p_cliente_id uuid, p_campanha_id uuid) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    -- one statement, so one snapshot: the kept totals and the rows are of the same instant, also while it runs
    with contados as (
        select l.status as chave, count(*) as total, count(l.entregue_em) as entregues, count(l.lido_em) as lidos
        from public.campanhas_log as l
        where l.cliente_id = p_cliente_id and l.campanha_id = p_campanha_id
        group by l.status
    ), somados as (
        select e.chave, coalesce(t.total, 0) as mantido, coalesce(case e.chave
            when 'ENTREGUE' then (select sum(c.entregues) from contados as c)
            when 'LIDO' then (select sum(c.lidos) from contados as c)
            else (select c.total from contados as c where c.chave = e.chave)
        end, 0) as contado
        from unnest(array['PENDENTE', 'RESERVADO', 'ENVIANDO', 'ENVIADO', 'INCERTO', 'FALHOU', 'PULADO', 'ENTREGUE', 'LIDO']) as e (chave)
        left join public.campanhas_totais as t
            on t.cliente_id = p_cliente_id and t.campanha_id = p_campanha_id and t.chave = e.chave
    )
    select jsonb_build_object(
        'totais', jsonb_object_agg(s.chave, s.mantido)
            || jsonb_build_object('total', sum(s.mantido) filter (where s.chave not in ('ENTREGUE', 'LIDO'))),
        'contados', jsonb_object_agg(s.chave, s.contado)
            || jsonb_build_object('total', sum(s.contado) filter (where s.chave not in ('ENTREGUE', 'LIDO'))),
        'confere', bool_and(s.mantido = s.contado)
    )
    from somados as s;
$$;
comment on function interno.campanha_prova_resumo(uuid, uuid) is
'Os totais mantidos de uma campanha, os contados agora linha a linha, e se são iguais.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
