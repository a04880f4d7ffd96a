/* pgmigrate-encoding: utf-8 */
-- The comment of a table is its documentation for whoever opens psql at night. UNLOGGED tables are empty after a crash.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0304' as regra, t.nome as objeto, case when t.relpersistence = 'u' then 'tabela UNLOGGED' else 'tabela sem COMMENT' end as detalhe
from tabela as t
where t.nome !~ '^migracao\.' and (t.relpersistence = 'u' or coalesce(obj_description(t.oid, 'pg_class'), '') = '')
