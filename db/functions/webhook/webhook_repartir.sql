/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhook_repartir(p_conexoes uuid[], p_corpo jsonb)
returns table (cliente_id uuid, conexao_id uuid, corpo jsonb, inteiro boolean, sobra boolean)
language sql stable security invoker set search_path = ''
as $$
    with lidas as (
        select e.n as entrada, e.value - 'changes' as envelope, e.value ->> 'id' as conta, c.n as posicao, c.value as mudanca,
            c.value #>> '{value,metadata,phone_number_id}' as numero
        from jsonb_path_query(p_corpo, '$.entry[*] ? (@.type() == "object")') with ordinality as e (value, n)
        cross join lateral jsonb_path_query(e.value, '$.changes[*]') with ordinality as c (value, n)
    ), mudancas as (
        select l.entrada, l.envelope, l.posicao, l.mudanca, x.cliente_id, x.id as conexao_id
        from lidas as l
        left join lateral (
            select k.cliente_id, k.id from public.conexoes as k
            where k.cliente_id is not null and k.numero_id_externo = l.numero
                and k.removido_em is null and k.id = any (p_conexoes)
            union all
            -- what is about the account concerns every number of it
            select k.cliente_id, k.id from public.conexoes as k
            where k.cliente_id is not null and l.numero is null and k.conta_id_externa = l.conta
                and k.removido_em is null and k.id = any (p_conexoes)
        ) as x on true
    ), geral as (
        select count(distinct m.conexao_id) = 1 and bool_and(m.conexao_id is not null) as inteiro,
            coalesce(bool_or(m.conexao_id is null), true) as sobra
        from mudancas as m
    ), entradas as (
        select m.cliente_id, m.conexao_id, m.entrada,
            m.envelope || jsonb_build_object('changes', jsonb_agg(m.mudanca order by m.posicao)) as entrada_json
        from mudancas as m
        where m.conexao_id is not null
        group by m.cliente_id, m.conexao_id, m.entrada, m.envelope
    )
    select e.cliente_id, e.conexao_id,
        jsonb_build_object('object', p_corpo -> 'object', 'entry', jsonb_agg(e.entrada_json order by e.entrada)), g.inteiro, g.sobra
    from entradas as e
    cross join geral as g
    group by e.cliente_id, e.conexao_id, g.inteiro, g.sobra;
$$;
comment on function interno.webhook_repartir(uuid[], jsonb) is
'Separa um corpo por conexão (número, ou conta quando o evento é da conta). inteiro = tudo é de uma só; sobra = há parte que não é de nenhuma.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
