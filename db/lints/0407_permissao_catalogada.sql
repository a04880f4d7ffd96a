/* pgmigrate-encoding: utf-8 */
-- A permission that a function asks for and the catalogue lacks can be granted to nobody; one in the catalogue that nothing
-- asks for is a promise on the screen of profiles that means nothing.
with funcao as materialized (
    select p.oid, p.proname, p.pronamespace, p.proowner, p.proacl, p.prosecdef, p.proleakproof, p.provolatile, p.proparallel, p.prokind,
        p.proconfig, p.prosqlbody, p.pronargs, p.proargnames, p.proargmodes, p.proargtypes, p.prorettype, p.proretset, n.nspname, l.lanname, n.nspname || '.' || p.proname as nome,
        regexp_replace(coalesce(nullif(p.prosrc, ''), pg_get_function_sqlbody(p.oid), ''), '--[^\n]*', '', 'g') as corpo
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    join pg_language as l on l.oid = p.prolang
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
        and n.nspname = 'api'
), pedida as (
    select f.nome, m[1] as codigo from funcao as f
    cross join lateral regexp_matches(f.corpo, 'contexto_abrir\s*\([^,]+,[^,]+,\s*''([^'']+)''', 'g') as m
)
select '0407' as regra, p.nome as objeto, 'pede a permissão ' || p.codigo || ', que não existe' as detalhe
from pedida as p
where not exists (select from public.permissoes as c where c.codigo = p.codigo)
union all
select '0407', 'public.permissoes:' || c.codigo, 'permissão que nenhuma função pede'
from public.permissoes as c
where not exists (select from pedida as p where p.codigo = c.codigo)
