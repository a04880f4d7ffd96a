/* pgmigrate-encoding: utf-8 */
-- A volatile function inside the text of an INSERT, UPDATE or DELETE is evaluated per row and is refused by a distributed
-- engine: clock_timestamp() and random() go into a variable first. Defaults of columns (uuidv7()) are fine, and so is what
-- reads a setting. What stands in FROM is evaluated once, so a locking step may feed a statement from there.
with funcao as materialized (
    select p.oid, p.proname, p.pronamespace, p.proowner, p.proacl, p.prosecdef, p.proleakproof, p.provolatile, p.proparallel, p.prokind,
        p.proconfig, p.prosqlbody, p.pronargs, p.proargnames, p.proargmodes, p.proargtypes, p.prorettype, p.proretset, n.nspname, l.lanname, n.nspname || '.' || p.proname as nome,
        regexp_replace(coalesce(nullif(p.prosrc, ''), pg_get_function_sqlbody(p.oid), ''), '--[^\n]*', '', 'g') as corpo
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    join pg_language as l on l.oid = p.prolang
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
), comando as (
    select f.nome, c.texto
    from funcao as f
    -- a condition before THEN and a query before LOOP are statements of their own
    cross join lateral regexp_split_to_table(f.corpo, ';|\m(then|loop|begin)\s+(?=(insert|update|delete|merge|with|perform|select|for|if)\M)') as c (texto)
    where c.texto ~* '\m(insert\s+into|update\s+[a-z_.]+|delete\s+from|merge\s+into)\M'
)
select distinct '0410' as regra, c.nome as objeto, 'DML chama ' || v.funcao || '(), que é volátil' as detalhe
from comando as c
cross join lateral regexp_matches(c.texto, '(?:\m(from|join|lateral)\s+)?\m((?:[a-z_]+\.)?[a-z_0-9]+)\s*\(', 'gi') as m
join (
    select unnest(array[
        'clock_timestamp', 'random', 'timeofday', 'gen_random_uuid', 'uuidv4', 'uuidv7', 'nextval', 'set_config', 'random_normal'
    ]) as funcao
    union all
    select f.nome from funcao as f where f.provolatile = 'v' and f.nspname <> 'public'
) as v on v.funcao = m[2]
where m[1] is null
