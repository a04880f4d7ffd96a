/* pgmigrate-encoding: utf-8 */
-- Nothing returns an unbounded set: a function that lists takes p_limite and p_cursor and builds its page with
-- interno.pagina. Closed catalogues are excused by name.
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
select '0417' as regra, f.nome as objeto, 'lista sem p_limite, p_cursor ou interno.pagina' as detalhe
from funcao as f
where f.nspname in ('api', 'plataforma') and f.proname ~ '(s|_log)_(listar|buscar)$'
    and (not coalesce(f.proargnames, '{}') @> array['p_limite', 'p_cursor'] or f.corpo !~ 'interno\.pagina\(' or f.corpo !~ 'interno\.limite_ler\(p_limite\)')
