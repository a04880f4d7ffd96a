/* pgmigrate-encoding: utf-8 */
-- TRUNCATE deletes every tenant's rows whatever the policies say, REFERENCES and TRIGGER let others attach themselves: no
-- role but the owner has them, and no grant can be passed on.
select '0507' as regra, n.nspname || '.' || c.relname || ' ' || coalesce(r.rolname, 'PUBLIC') as objeto,
    a.privilege_type || case when a.is_grantable then ' com GRANT OPTION' else '' end as detalhe
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
cross join lateral aclexplode(c.relacl) as a
left join pg_roles as r on r.oid = a.grantee
where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and a.grantee <> c.relowner
    and (a.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN') or a.is_grantable)
