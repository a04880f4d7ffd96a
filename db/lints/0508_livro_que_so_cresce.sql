/* pgmigrate-encoding: utf-8 */
-- Audit, consent, decisions and events are ledgers: nobody but the owner may UPDATE or DELETE in them, so that no function can rewrite
-- what happened.
select '0508' as regra, 'public.' || c.relname || ' ' || coalesce(r.rolname, 'PUBLIC') as objeto, a.privilege_type || ' em livro que só cresce' as detalhe
from pg_class as c
cross join lateral aclexplode(c.relacl) as a
left join pg_roles as r on r.oid = a.grantee
where c.relnamespace = 'public'::regnamespace and c.relname in ('auditoria', 'consentimentos', 'entregas_decisoes', 'eventos', 'sessoes_renovacoes')
    and a.grantee <> c.relowner and a.privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')
