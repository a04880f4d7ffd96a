/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_contatos_achar(p_cliente_id uuid, p_itens jsonb) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    with itens as materialized (
        select i.n, i.value as item, i.value ->> 'telefone' as telefone
        from jsonb_array_elements(p_itens) with ordinality as i (value, n)
    ), nomes as materialized (
        select i.n, a.n as ordem, a.value ->> 'tipo' as tipo, a.value ->> 'valor' as valor
        from itens as i
        cross join lateral jsonb_array_elements(i.item -> 'identidades') with ordinality as a (value, n)
        union all
        -- a number that a person left behind
        select i.n, 1000, 'E164', i.telefone from itens as i where i.telefone is not null
    ), telefones as materialized (
        select i.n, i.telefone from itens as i where i.telefone is not null and not interno.telefone_ambiguo(i.telefone)
        union
        -- told of by the system: the new one was nobody's name yet
        select n.n, t.telefone
        from nomes as n
        join itens as i on i.n = n.n and i.item ->> 'tipo' = 'SISTEMA'
        cross join lateral (select interno.telefone_canonico(n.valor) as telefone) as t
        where n.tipo in ('WA_ID', 'JID') and t.telefone is not null and not interno.telefone_ambiguo(t.telefone)
    ), achados as materialized (
        select i.n, 0 as ordem, interno.contato_atual(p_cliente_id, (i.item ->> 'contatoId')::uuid) as contato_id
        from itens as i where i.item ? 'contatoId'
        union all
        select n.n, n.ordem, case when c.fundido_em_id is null then c.id else interno.contato_atual(p_cliente_id, c.id) end
        from nomes as n
        join public.contatos_identidades as k on k.cliente_id = p_cliente_id and k.tipo = n.tipo and k.valor = n.valor
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = k.contato_id
        union all
        select t.n, 2000, c.id
        from telefones as t
        join public.contatos as c on c.cliente_id = p_cliente_id and c.telefone = t.telefone and c.removido_em is null
    ), pessoas as materialized (
        select a.n, (array_agg(a.contato_id order by a.ordem, a.contato_id))[1] as contato_id, array_agg(distinct a.contato_id) as todos
        from achados as a
        group by a.n
    )
    select jsonb_agg(
        i.item - 'outros' || case when p.contato_id is null then '{}' else jsonb_build_object('contatoId', p.contato_id) end
        -- several contacts that one message says are one person
        || case when cardinality(p.todos) > 1 then jsonb_build_object('outros', array_remove(p.todos, p.contato_id)) else '{}' end
        order by i.n
    )
    from itens as i
    left join pessoas as p on p.n = i.n;
$$;
comment on function interno.entrada_contatos_achar(uuid, jsonb) is
'Dá contatoId aos itens cuja pessoa se conhece: pelo primeiro dos nomes que o provedor usa (na ordem dada), ou pelo telefone canônico, se não é ambíguo. Quando os nomes de um item são de contatos diferentes, os demais vão em outros.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
