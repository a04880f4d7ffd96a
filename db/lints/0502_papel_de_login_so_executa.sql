/* pgmigrate-encoding: utf-8 */
-- A login role executes the functions of one schema and nothing else: no privilege on any table, column or sequence, no
-- CREATE anywhere, no temporary tables, USAGE on its own schema only. Whatever else it could read would not pass through the
-- session check.
with papel as (select r.oid, r.rolname from pg_roles as r where r.rolcanlogin and not r.rolsuper and r.rolname ~ '^crm_')
select '0502' as regra, p.rolname || ' ' || n.nspname || '.' || c.relname as objeto, 'papel de login com privilégio em tabela' as detalhe
from papel as p
cross join pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and case
        when c.relkind = 'S' then has_sequence_privilege(p.oid, c.oid, 'SELECT, USAGE, UPDATE')
        when c.relkind in ('r', 'p', 'v', 'm', 'f') then has_table_privilege(p.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER, MAINTAIN')
            or has_any_column_privilege(p.oid, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
        else false
    end
    and not exists (select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
union all
select '0502', p.rolname || ' ' || n.nspname, 'papel de login com ' || v.priv || ' no esquema'
from papel as p
cross join pg_namespace as n
cross join (values ('CREATE'), ('USAGE')) as v (priv)
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and has_schema_privilege(p.oid, n.oid, v.priv)
    -- PostgreSQL gives everybody USAGE on public; nothing there is executable or readable by a login role
    and (v.priv, n.nspname::text) not in (('USAGE', 'public'))
    and (v.priv, p.rolname::text, n.nspname::text) not in (
        ('USAGE', 'crm_api', 'api'), ('USAGE', 'crm_worker', 'worker'), ('USAGE', 'crm_ingresso', 'webhook'), ('USAGE', 'crm_plataforma', 'plataforma')
    )
union all
select '0502', p.rolname || ' banco', 'papel de login com ' || v.priv || ' no banco'
from papel as p
cross join (values ('TEMP'), ('CREATE')) as v (priv)
where has_database_privilege(p.oid, current_database(), v.priv)
