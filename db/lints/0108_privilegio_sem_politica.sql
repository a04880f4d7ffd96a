/* pgmigrate-encoding: utf-8 */
-- A privilege on a tenant table for a role that no policy names gives 0 rows in silence: an inbox that is empty instead of
-- an error. Column privileges count.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0108' as regra, t.nome || ' ' || v.verbo || ' ' || r.rolname as objeto, 'privilégio sem política que se aplique ao papel' as detalhe
from tabela as t
cross join pg_roles as r
cross join (values ('SELECT', 'r'), ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')) as v (verbo, cmd)
where t.tenant is not null and not r.rolsuper and not r.rolbypassrls and r.rolname !~ '^pg_' and r.oid <> t.relowner
    -- what comes from being able to act as the owner is not a grant of its own
    and not pg_has_role(r.oid, t.relowner, 'MEMBER')
    and case when v.verbo = 'DELETE' then has_table_privilege(r.oid, t.oid, v.verbo) else has_any_column_privilege(r.oid, t.oid, v.verbo) end
    and not exists (
        select from pg_policy as p
        where p.polrelid = t.oid and p.polpermissive and p.polcmd::text in (v.cmd, '*') and (0 = any(p.polroles) or r.oid = any(p.polroles))
    )
