/* pgmigrate-encoding: utf-8 */
-- Rows of tenants never live in a table without cliente_id. The catalogues and the tables of the platform are listed in
-- dispensas.sql, each with its reason.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0106' as regra, t.nome as objeto, 'tabela sem cliente_id' as detalhe
from tabela as t
where t.tenant is null
