/* pgmigrate-encoding: utf-8 */
-- The owner of the tables and the owners of functions never log in, bypass nothing, and the owners of functions own no
-- table: FORCE would still hold for an owner, but ALTER TABLE would be theirs.
select '0503' as regra, r.rolname::text as objeto, x.que as detalhe
from pg_roles as r
cross join lateral (
    values
    ('LOGIN', r.rolcanlogin), ('SUPERUSER', r.rolsuper), ('BYPASSRLS', r.rolbypassrls), ('CREATEROLE', r.rolcreaterole),
    ('dono de tabela', r.rolname <> 'crm_dono' and exists (select from pg_class as c where c.relowner = r.oid and c.relkind in ('r', 'p'))),
    ('membro de outro papel', r.rolname <> 'crm_dono' and exists (select from pg_auth_members as m where m.member = r.oid)),
    ('CREATE em esquema', r.rolname <> 'crm_dono' and exists (
        select from pg_namespace as n where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and has_schema_privilege(r.oid, n.oid, 'CREATE')
    ))
) as x (que, mau)
where r.rolname in ('crm_dono', 'crm_definidor', 'crm_busca', 'crm_fila', 'crm_porta', 'crm_gestor', 'crm_medidor') and x.mau
