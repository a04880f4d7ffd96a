/* pgmigrate-encoding: utf-8 */
-- Every table, sequence and view belongs to crm_dono: neither a login role nor a superuser, for whom FORCE does not exist.
select '0504' as regra, n.nspname || '.' || c.relname as objeto, 'pertence a ' || r.rolname as detalhe
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
join pg_roles as r on r.oid = c.relowner
where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and r.rolname <> 'crm_dono'
    and not exists (select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
