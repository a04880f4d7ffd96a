/* pgmigrate-encoding: utf-8 */
-- Under RLS an operator that is not LEAKPROOF can never be an index condition, so an enum, numeric, array, jsonb or trigram
-- column makes its index dead weight (an enum equality went from 0.05 to 112 ms). What a search function of crm_busca reads
-- is excused by name.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0205' as regra, t.nome || ':' || c.relname as objeto,
    'a RLS impede que o índice ' || am.amname || ' sirva para ' || string_agg(distinct format_type(oc.opcintype, null), ', ') as detalhe
from pg_index as i
join tabela as t on t.oid = i.indrelid and t.relrowsecurity
join pg_class as c on c.oid = i.indexrelid
join pg_am as am on am.oid = c.relam
cross join lateral generate_series(0, i.indnkeyatts - 1) as k
join pg_opclass as oc on oc.oid = i.indclass[k]
where am.amname not in ('btree', 'hash') or exists (
    select from pg_amop as ao
    join pg_operator as op on op.oid = ao.amopopr
    join pg_proc as pr on pr.oid = op.oprcode
    where ao.amopfamily = oc.opcfamily and ao.amoplefttype = oc.opcintype and ao.amoprighttype = oc.opcintype and not pr.proleakproof
)
group by t.nome, c.relname, am.amname
