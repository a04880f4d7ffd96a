/* pgmigrate-encoding: utf-8 */
-- search_path is empty and every name qualified: with a schema in it, and pg_temp not last, a temporary table of the caller
-- is read instead of ours (seen: the count came from the attacker's table). A BEGIN ATOMIC body is bound when created.
-- No other setting that widens rights may ride on a function.
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
select '0404' as regra, f.nome as objeto, 'SET: ' || coalesce(array_to_string(f.proconfig, ', '), '(nenhum)') as detalhe
from funcao as f
where (f.prosqlbody is null or f.prosecdef) and not coalesce(f.proconfig, '{}') @> array['search_path=""']
    or array_to_string(f.proconfig, ' ') ~* '(row_security|session_authorization|role)='
