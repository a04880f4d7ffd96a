/* pgmigrate-encoding: utf-8 */
-- What processes call (api, worker, webhook, plataforma) is SECURITY DEFINER, because its callers have no table privilege;
-- what it is made of (interno) is INVOKER, so that it has no rights of its own to abuse.
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
select '0403' as regra, f.nome as objeto, case when f.prosecdef then 'SECURITY DEFINER fora dos esquemas de chamada' else 'não é SECURITY DEFINER' end as detalhe
from funcao as f
where f.prosecdef <> (f.nspname in ('api', 'worker', 'webhook', 'plataforma'))
