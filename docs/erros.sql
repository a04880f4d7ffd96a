/* pgmigrate-encoding: utf-8 */
-- Codes of ours that the database raises, returns or writes on a constraint: code, sentence, where.
with funcao as (
    select n.nspname || '.' || p.proname as nome,
        regexp_replace(coalesce(nullif(p.prosrc, ''), pg_get_function_sqlbody(p.oid), ''), '--[^\n]*', '', 'g') as corpo
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    where n.nspname in ('api', 'worker', 'webhook', 'plataforma', 'interno')
), dita as (
    select (regexp_match(r[1], 'errcode\s*=\s*''(Z[^'']*)'''))[1] as codigo,
        (regexp_match(r[1], 'message\s*=\s*(?:format\()?\s*''((?:[^'']|'''')*)'''))[1] as frase, f.nome as onde
    from funcao as f
    cross join lateral regexp_matches(f.corpo, 'raise\s+exception\s+using((?:[^;'']|''[^'']*'')*);', 'g') as r
    union all
    select r[1], r[2], f.nome
    from funcao as f
    cross join lateral regexp_matches(f.corpo, 'interno\.recusa\(\s*''([^'']*)''\s*,\s*''((?:[^'']|'''')*)''', 'g') as r
    union all
    select substr(d.description, 1, 5), substr(d.description, 8), 'restrição ' || coalesce(k.conname, c.relname)::text
    from pg_description as d
    left join pg_constraint as k on d.classoid = 'pg_constraint'::regclass and k.oid = d.objoid
    left join pg_class as c on d.classoid = 'pg_class'::regclass and c.oid = d.objoid and d.objsubid = 0
    where d.description ~ '^Z[A-Z]{2}[0-9]{2}: ' and coalesce(k.conname, c.relname) is not null
)
select distinct d.codigo, d.frase, d.onde
from dita as d
where d.codigo is not null
order by 1, 2, 3
