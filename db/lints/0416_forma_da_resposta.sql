/* pgmigrate-encoding: utf-8 */
-- What processes call answers one jsonb: a column added later does not reach anybody, the prepared plan keeps its type, and
-- a scalar call can be delegated whole. Named arguments only, so there are no overloads; arguments are p_. OFFSET pages cost what they skip (offset 0 only keeps the planner from merging a sub-query).
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
select '0416' as regra, f.nome as objeto, x.que as detalhe
from funcao as f
cross join lateral (
    values
    ('não devolve jsonb', f.nspname in ('api', 'worker', 'webhook', 'plataforma') and (f.prorettype <> 'jsonb'::regtype or f.proretset)),
    ('mais de uma assinatura', (select count(*) from pg_proc as p where p.pronamespace = f.pronamespace and p.proname = f.proname) > 1),
    ('argumento sem p_', exists (
        select from unnest(f.proargnames, coalesce(f.proargmodes, array_fill('i'::"char", array[coalesce(cardinality(f.proargnames), 0)]))) as a (nome, modo)
        where a.modo in ('i', 'b', 'v') and a.nome !~ '^p_[a-z][a-z0-9_]*$'
    )),
    ('devolve a linha inteira de uma tabela', f.proretset and exists (select from pg_class as c where c.reltype = f.prorettype and c.relkind = 'r')),
    ('select *', f.nspname in ('api', 'worker', 'webhook', 'plataforma') and f.corpo ~* '\mselect\s+\*'),
    ('OFFSET', f.corpo ~* '\moffset\s+([1-9]|p_|v_|\()')
) as x (que, mau)
where x.mau and f.nspname <> 'migracao'
