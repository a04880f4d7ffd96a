/* pgmigrate-encoding: utf-8 */
-- The owner of a SECURITY DEFINER function must be subject to the policies: not superuser, not BYPASSRLS, not able to log in,
-- owner of no table, and able to act as nobody else.
with funcao as materialized (
    select p.oid, p.proname, p.pronamespace, p.proowner, p.proacl, p.prosecdef, p.proleakproof, p.provolatile, p.proparallel, p.prokind,
        p.proconfig, p.prosqlbody, p.pronargs, p.proargnames, p.proargmodes, p.proargtypes, p.prorettype, p.proretset, n.nspname, l.lanname, n.nspname || '.' || p.proname as nome,
        regexp_replace(coalesce(nullif(p.prosrc, ''), pg_get_function_sqlbody(p.oid), ''), '--[^\n]*', '', 'g') as corpo
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    join pg_language as l on l.oid = p.prolang
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
)
select distinct '0402' as regra, f.nome as objeto, 'SECURITY DEFINER de ' || r.rolname || ', que ' || x.que as detalhe
from funcao as f
join pg_roles as r on r.oid = f.proowner
cross join lateral (
    values
    ('é superusuário', r.rolsuper),
    ('ignora RLS', r.rolbypassrls),
    ('faz login', r.rolcanlogin),
    ('é dono de tabela', exists (select from pg_class as c where c.relowner = r.oid and c.relkind in ('r', 'p'))),
    ('é membro de outro papel', exists (select from pg_auth_members as m where m.member = r.oid))
) as x (que, mau)
where f.prosecdef and x.mau
