/* pgmigrate-encoding: utf-8 */
-- A closed list of types. No ENUM (dead under RLS, and cannot shrink), no numeric or float in tenant tables without need, no
-- timestamp without zone, no serial or identity (a shared sequence counts other tenants' rows), no json, char(n), varchar(n).
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0302' as regra, t.nome || '.' || a.attname as objeto,
    case when a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) ~ 'nextval' then 'sequência compartilhada' else 'tipo fora da lista: ' || format_type(a.atttypid, a.atttypmod) end as detalhe
from tabela as t
join pg_attribute as a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef as d on d.adrelid = t.oid and d.adnum = a.attnum
where t.nome !~ '^migracao\.' and (
    a.atttypid <> all(array['uuid', 'text', 'bool', 'int2', 'int4', 'int8', 'timestamptz', 'date', 'bytea', 'jsonb', 'inet', 'xid8', 'text[]', 'uuid[]', 'int4[]']::regtype[])
    or a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) ~ 'nextval'
)
