/* pgmigrate-encoding: utf-8 */
-- cliente_id is uuid and never null: uuid = is LEAKPROOF, so it can be an index condition under RLS; a null tenant would
-- be a row of nobody.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0107' as regra, t.nome as objeto, 'cliente_id é ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then '' else ' e aceita nulo' end as detalhe
from tabela as t
join pg_attribute as a on a.attrelid = t.oid and a.attnum = t.tenant
where a.atttypid <> 'uuid'::regtype or not a.attnotnull
