/* pgmigrate-encoding: utf-8 */
-- A worker names the tenant first, so that the whole call can be sent to the node that owns it, and opens its context
-- before anything else. What looks across tenants on purpose takes no tenant at all and is excused by name.
with funcao as materialized (
    select p.oid, p.proname, p.pronamespace, p.proowner, p.proacl, p.prosecdef, p.proleakproof, p.provolatile, p.proparallel, p.prokind,
        p.proconfig, p.prosqlbody, p.pronargs, p.proargnames, p.proargmodes, p.proargtypes, p.prorettype, p.proretset, n.nspname, l.lanname, n.nspname || '.' || p.proname as nome,
        regexp_replace(coalesce(nullif(p.prosrc, ''), pg_get_function_sqlbody(p.oid), ''), '--[^\n]*', '', 'g') as corpo
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    join pg_language as l on l.oid = p.prolang
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
        and n.nspname = 'worker'
)
select '0408' as regra, f.nome as objeto, 'não começa por p_cliente_id e interno.contexto_trabalho(p_cliente_id)' as detalhe
from funcao as f
where (coalesce(f.proargnames[1], '') <> 'p_cliente_id' or f.proargtypes[0] <> 'uuid'::regtype
    or f.corpo !~ '\mbegin\s+perform interno\.contexto_trabalho\(p_cliente_id\);')
    and (
        'p_cliente_id' = any(coalesce(f.proargnames, '{}')) or f.corpo ~ 'contexto_trabalho'
        or exists (
            select from pg_class as c
            join pg_attribute as a on a.attrelid = c.oid and a.attname = 'cliente_id'
            where c.relkind in ('r', 'p') and f.corpo ~ ('\m' || c.relname || '\M')
        )
    )
