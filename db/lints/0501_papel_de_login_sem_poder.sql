/* pgmigrate-encoding: utf-8 */
-- What running processes log in as may do nothing by itself: no superuser, no BYPASSRLS, no creation of roles or databases,
-- no replication, no membership in another role, no inheritance.
select '0501' as regra, r.rolname::text as objeto, x.que as detalhe
from pg_roles as r
cross join lateral (
    values
    ('SUPERUSER', r.rolsuper), ('BYPASSRLS', r.rolbypassrls), ('CREATEROLE', r.rolcreaterole), ('CREATEDB', r.rolcreatedb),
    ('REPLICATION', r.rolreplication), ('INHERIT', r.rolinherit), ('sem LOGIN', not r.rolcanlogin),
    ('membro de outro papel', exists (select from pg_auth_members as m where m.member = r.oid))
) as x (que, mau)
where r.rolname in ('crm_api', 'crm_worker', 'crm_ingresso', 'crm_plataforma') and x.mau
