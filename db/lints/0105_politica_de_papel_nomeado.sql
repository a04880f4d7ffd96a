/* pgmigrate-encoding: utf-8 */
-- A policy TO PUBLIC also holds for roles created later; one for a login role would only make sense with a table privilege
-- that login roles never have.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0105' as regra, t.nome || ':' || p.polname as objeto, 'política para ' || coalesce(r.rolname, 'PUBLIC') as detalhe
from pg_policy as p
join tabela as t on t.oid = p.polrelid
cross join lateral unnest(p.polroles) as x (papel)
left join pg_roles as r on r.oid = x.papel
where r.oid is null or r.rolcanlogin
