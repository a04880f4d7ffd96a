/* pgmigrate-encoding: utf-8 */
-- PUBLIC has nothing: no privilege on a table, none on the database, no CREATE on a schema; and functions that will be
-- created tomorrow are not executable by PUBLIC either (only the global form of ALTER DEFAULT PRIVILEGES does that).
select '0506' as regra, n.nspname || '.' || c.relname as objeto, a.privilege_type || ' para PUBLIC' as detalhe
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
cross join lateral aclexplode(c.relacl) as a
where a.grantee = 0 and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
union all
select '0506', n.nspname::text, a.privilege_type || ' para PUBLIC'
from pg_namespace as n
cross join lateral aclexplode(n.nspacl) as a
where a.grantee = 0 and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and (n.nspname, a.privilege_type) <> ('public', 'USAGE')
union all
select '0506', d.datname::text, a.privilege_type || ' para PUBLIC'
from pg_database as d
cross join lateral aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) as a
where d.datname = current_database() and a.grantee = 0
union all
select '0506', r.rolname::text, 'funções criadas amanhã seriam executáveis por PUBLIC'
from pg_roles as r
where r.rolname in ('crm_dono', 'crm_definidor', 'crm_busca', 'crm_fila', 'crm_porta', 'crm_gestor', 'crm_medidor') and not exists (
    select from pg_default_acl as d
    where d.defaclrole = r.oid and d.defaclnamespace = 0 and d.defaclobjtype = 'f'
        and not exists (select from aclexplode(d.defaclacl) as a where a.grantee = 0)
)
