/* pgmigrate-encoding: utf-8 */
-- Foreign-key checks ignore RLS: only a composite key makes a reference across tenants impossible, and makes a foreign id
-- and an unknown id fail alike. ON DELETE SET NULL must not name cliente_id.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0203' as regra, o.nome || ':' || k.conname as objeto,
    case when k.confdeltype in ('n', 'd') then 'ON DELETE SET NULL anularia cliente_id' else 'FK entre tabelas de cliente sem cliente_id dos dois lados' end as detalhe
from pg_constraint as k
join tabela as o on o.oid = k.conrelid
join tabela as d on d.oid = k.confrelid
where k.contype = 'f' and o.tenant is not null and (
    (d.tenant is not null and not exists (
        select from generate_subscripts(k.conkey, 1) as s where k.conkey[s] = o.tenant and k.confkey[s] = d.tenant
    ))
    or (k.confdeltype in ('n', 'd') and o.tenant = any(coalesce(k.confdelsetcols, k.conkey)))
)
