/* pgmigrate-encoding: utf-8 */
-- The one name that policies know. plpgsql, STABLE, PARALLEL SAFE, pinned search_path, no EXCEPTION block (25000 in a
-- parallel plan), and it raises 42501 without a context: a lost context is a loud error, never an empty inbox.
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
select '0415' as regra, 'public.get_current_cliente_id' as objeto, 'não existe, ou não é plpgsql STABLE PARALLEL SAFE que recusa com 42501' as detalhe
where not exists (
    select from funcao as f
    where f.nome = 'public.get_current_cliente_id' and f.pronargs = 0 and f.prorettype = 'uuid'::regtype and f.lanname = 'plpgsql'
        and f.provolatile = 's' and f.proparallel = 's' and not f.prosecdef
        and f.corpo !~* '\mexception\s+when\M' and f.corpo ~ 'errcode = ''42501''' and f.corpo ~ 'nullif\(current_setting\(''app\.cliente_id'', true\), ''''\) is null'
)
