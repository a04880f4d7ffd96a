/* pgmigrate-encoding: utf-8 */
-- ENABLE alone leaves the owner of the table, and everything that runs as the owner, outside the policies. Every table
-- that carries cliente_id has both.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0101' as regra, t.nome as objeto,
    case when t.relrowsecurity then 'RLS sem FORCE: o dono vê todos os clientes' else 'tabela de cliente sem ROW LEVEL SECURITY' end as detalhe
from tabela as t
where t.tenant is not null and not (t.relrowsecurity and t.relforcerowsecurity)
