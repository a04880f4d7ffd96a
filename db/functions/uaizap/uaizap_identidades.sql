/* pgmigrate-encoding: utf-8 */
create or replace function interno.uaizap_identidades(p_nomes text[]) returns jsonb
language sql immutable security invoker set search_path = ''
as $$
    -- the first that is known decides: the number's own form before the hidden id, which changes less often
    select jsonb_agg(jsonb_build_object('tipo', x.tipo, 'valor', x.valor) order by x.tipo, x.n)
    from (
        select distinct on (l.valor) l.n, l.valor, case when l.valor like '%@lid' then 'LID' else 'JID' end as tipo
        from (
            select n.n, regexp_replace(n.valor, ':[0-9]+@', '@') as valor
            from unnest(p_nomes) with ordinality as n (valor, n)
        ) as l
        where l.valor ~ '^[0-9]{5,30}@(s\.whatsapp\.net|lid)$'
        order by l.valor, l.n
    ) as x;
$$;
comment on function interno.uaizap_identidades(text[]) is
'Como o servidor UaiZap chama uma pessoa: JIDs e ids ocultos (LID), sem o número do aparelho; nulo quando nenhum serve.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
