/* pgmigrate-encoding: utf-8 */
-- Every code that a function raises or returns itself stands in its comment; and a comment names only codes that exist.
with funcao as materialized (
    select p.oid, p.proname, p.pronamespace, p.proowner, p.proacl, p.prosecdef, p.proleakproof, p.provolatile, p.proparallel, p.prokind,
        p.proconfig, p.prosqlbody, p.pronargs, p.proargnames, p.proargmodes, p.proargtypes, p.prorettype, p.proretset, n.nspname, l.lanname, n.nspname || '.' || p.proname as nome,
        regexp_replace(coalesce(nullif(p.prosrc, ''), pg_get_function_sqlbody(p.oid), ''), '--[^\n]*', '', 'g') as corpo
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    join pg_language as l on l.oid = p.prolang
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
), existente as (
    select f.oid, f.nome, m[1] as codigo from funcao as f
    cross join lateral regexp_matches(f.corpo, '(?<!sqlstate )''(Z[A-Z]{2}[0-9]{2})''', 'g') as m
    union all
    select null, 'restrição', substr(d.description, 1, 5) from pg_description as d
    where d.classoid in ('pg_constraint'::regclass, 'pg_class'::regclass) and d.description ~ '^Z[A-Z]{2}[0-9]{2}: '
), citado as (
    select f.oid, f.nome, m[1] as codigo from funcao as f
    cross join lateral regexp_matches(coalesce(substring(obj_description(f.oid, 'pg_proc') from 'Erros: [^\n]*'), ''), '(Z[A-Z]{2}[0-9]{2})', 'g') as m
)
select '0412' as regra, e.nome as objeto, 'lança ' || e.codigo || ' e o comentário não diz' as detalhe
from existente as e
where e.oid is not null and not exists (select from citado as c where c.oid = e.oid and c.codigo = e.codigo)
union
select '0412', c.nome, 'o comentário cita ' || c.codigo || ', que nada lança'
from citado as c
where not exists (select from existente as e where e.codigo = c.codigo)
