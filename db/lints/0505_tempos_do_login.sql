/* pgmigrate-encoding: utf-8 */
-- Time-outs are set on the role that logs in (ALTER ROLE … SET follows the login, not SET ROLE), so that a stuck statement
-- of one process cannot hold rows of everybody.
select '0505' as regra, r.rolname::text as objeto, 'sem ' || g.nome as detalhe
from pg_roles as r
cross join (values ('statement_timeout'), ('lock_timeout'), ('idle_in_transaction_session_timeout')) as g (nome)
where r.rolname in ('crm_api', 'crm_worker', 'crm_ingresso', 'crm_plataforma') and not exists (
    select from pg_db_role_setting as s
    cross join lateral unnest(s.setconfig) as c (valor)
    where s.setrole = r.oid and s.setdatabase in (0, (select d.oid from pg_database as d where d.datname = current_database()))
        and c.valor like g.nome || '=%' and c.valor !~ '=0[a-z]*$'
)
