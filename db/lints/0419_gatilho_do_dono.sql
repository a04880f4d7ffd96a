/* pgmigrate-encoding: utf-8 */
-- A trigger function runs with the rights of whoever writes the table, so it is never DEFINER, and nobody calls it by hand:
-- its result is trigger and it takes no argument.
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
select '0419' as regra, f.nome as objeto, 'função de gatilho fora de interno, DEFINER, ou sem o prefixo tg_' as detalhe
from funcao as f
where (f.prorettype = 'trigger'::regtype) <> (f.proname ~ '^tg_')
    or (f.prorettype = 'trigger'::regtype and (f.nspname <> 'interno' or f.prosecdef or f.pronargs > 0))
