/* pgmigrate-encoding: utf-8 */
-- A code of ours means one thing: the same sentence wherever it is raised, returned as a refusal or written on a constraint.
-- Whoever handles ZCK01 must not have to ask which of two things it was. format() templates are compared as templates.
with funcao as materialized (
    select p.oid, p.proname, p.pronamespace, p.proowner, p.proacl, p.prosecdef, p.proleakproof, p.provolatile, p.proparallel, p.prokind,
        p.proconfig, p.prosqlbody, p.pronargs, p.proargnames, p.proargmodes, p.proargtypes, p.prorettype, p.proretset, n.nspname, l.lanname, n.nspname || '.' || p.proname as nome,
        regexp_replace(coalesce(nullif(p.prosrc, ''), pg_get_function_sqlbody(p.oid), ''), '--[^\n]*', '', 'g') as corpo
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    join pg_language as l on l.oid = p.prolang
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
), dita as (
    select f.nome as onde, (regexp_match(r[1], 'errcode\s*=\s*''([^'']*)'''))[1] as codigo,
        (regexp_match(r[1], 'message\s*=\s*(?:format\()?\s*''((?:[^'']|'''')*)'''))[1] as texto
    from funcao as f
    cross join lateral regexp_matches(f.corpo, 'raise\s+exception\s+using((?:[^;'']|''[^'']*'')*);', 'g') as r
    union all
    select f.nome, r[1], r[2]
    from funcao as f
    cross join lateral regexp_matches(f.corpo, 'interno\.recusa\(\s*''([^'']*)''\s*,\s*''((?:[^'']|'''')*)''', 'g') as r
    union all
    select coalesce(k.conname, c.relname), split_part(d.description, ': ', 1), substr(d.description, 8)
    from pg_description as d
    left join pg_constraint as k on d.classoid = 'pg_constraint'::regclass and k.oid = d.objoid
    left join pg_class as c on d.classoid = 'pg_class'::regclass and c.oid = d.objoid and d.objsubid = 0
    where d.description ~ '^Z[A-Z]{2}[0-9]{2}: ' and coalesce(k.conname, c.relname) is not null
)
select '0411' as regra, d.codigo as objeto, 'duas frases: ' || string_agg(distinct '"' || d.texto || '"', ', ') || ' em ' || string_agg(distinct d.onde, ', ') as detalhe
from dita as d
where d.codigo ~ '^Z'
group by d.codigo
having count(distinct d.texto) > 1
union all
select distinct '0411', d.onde, 'código fora da forma ou sem frase: ' || coalesce(d.codigo, '(nenhum)')
from dita as d
where d.texto is null or d.codigo is null or d.codigo !~ '^(Z[APNCRLT][A-Z][0-9]{2}|22023|40001|42501)$'
