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
    ), conhecidos as materialized (
        select distinct on (n.n) n.n, k.contato_id
        from nomes as n
        join public.contatos_identidades as k on k.cliente_id = p_cliente_id and k.tipo = n.tipo and k.valor = n.valor
        order by n.n, n.ordem
    )
    select jsonb_agg(
        case when k.contato_id is null and c.id is null then i.item
            else i.item || jsonb_build_object('contatoId', coalesce(k.contato_id, c.id)) end
        order by i.n
    )
    from itens as i
    left join conhecidos as k on k.n = i.n
    left join public.contatos as c
        on c.cliente_id = p_cliente_id and c.telefone = i.telefone and c.removido_em is null
        and k.contato_id is null and not interno.telefone_ambiguo(i.telefone);
$$;
comment on function interno.entrada_contatos_achar(uuid, jsonb) is
'Dá contatoId aos itens cuja pessoa se conhece: pelo primeiro dos nomes que o provedor usa (na ordem dada), ou pelo telefone canônico, se não é ambíguo.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
