/* pgmigrate-encoding: utf-8 */
-- A function without a file is a leftover that no release describes; a file without a function was never applied. The list
-- of files comes in the setting verificacao.funcoes (a JSON array of schema.name); what a policy, an index or a generated
-- column uses is created by a migration only, and excused by name.
with funcao as materialized (
    select p.oid, p.proname, p.pronamespace, p.proowner, p.proacl, p.prosecdef, p.proleakproof, p.provolatile, p.proparallel, p.prokind,
        p.proconfig, p.prosqlbody, p.pronargs, p.proargnames, p.proargmodes, p.proargtypes, p.prorettype, p.proretset, n.nspname, l.lanname, n.nspname || '.' || p.proname as nome,
        regexp_replace(coalesce(nullif(p.prosrc, ''), pg_get_function_sqlbody(p.oid), ''), '--[^\n]*', '', 'g') as corpo
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    join pg_language as l on l.oid = p.prolang
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
        and p.prokind in ('f', 'p')
), arquivo as (
    select x.nome from jsonb_array_elements_text(coalesce(nullif(current_setting('verificacao.funcoes', true), ''), '[]')::jsonb) as x (nome)
)
select '0418' as regra, f.nome as objeto, 'função sem arquivo em db/functions' as detalhe
from funcao as f
where f.nome not in (select a.nome from arquivo as a)
union all
select '0418', a.nome, 'arquivo sem função no banco'
from arquivo as a
where a.nome not in (select f.nome from funcao as f)
