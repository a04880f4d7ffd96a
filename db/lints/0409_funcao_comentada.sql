/* pgmigrate-encoding: utf-8 */
-- The comment is the reference of the function: a sentence, then which refusals, which effects, since when. The generated
-- documentation is made of nothing else.
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
select '0409' as regra, f.nome as objeto, case when d.texto is null then 'função sem COMMENT' else 'COMMENT sem frase, Erros:, Efeitos: e Desde: nesta ordem' end as detalhe
from funcao as f
cross join lateral (select obj_description(f.oid, 'pg_proc') as texto) as d
where f.nspname <> 'migracao' and coalesce(d.texto, '') !~ '^[^\n]{10,}\nErros: [^\n]+\nEfeitos: [^\n]+\nDesde: [0-9]+\.[0-9]+\.[0-9]+$'
