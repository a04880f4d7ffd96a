/* pgmigrate-encoding: utf-8 */
-- Every question inside a tenant names it, so an index that starts elsewhere serves only questions across tenants. Those
-- are few and excused by name.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0206' as regra, t.nome || ':' || c.relname as objeto, 'índice não começa por cliente_id' as detalhe
from pg_index as i
join tabela as t on t.oid = i.indrelid
join pg_class as c on c.oid = i.indexrelid
where t.tenant is not null and not i.indisunique and i.indkey[0] <> t.tenant
    and not exists (select from pg_constraint as k where k.conrelid = t.oid and k.contype = 'f' and k.conkey[1] = i.indkey[0])
