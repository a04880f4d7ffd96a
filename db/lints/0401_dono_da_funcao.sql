/* pgmigrate-encoding: utf-8 */
-- A SECURITY DEFINER function acts as its owner, so the owner is the role of its schema's purpose. Those who enter before
-- there is a tenant, and the search, are excused by name.
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
select '0401' as regra, f.nome as objeto, 'dono ' || r.rolname || ' em vez de ' || e.dono as detalhe
from funcao as f
join pg_roles as r on r.oid = f.proowner
join (values ('api', 'crm_definidor'), ('worker', 'crm_fila'), ('webhook', 'crm_porta'), ('plataforma', 'crm_gestor'), ('interno', 'crm_dono'), ('public', 'crm_dono'))
    as e (esquema, dono) on e.esquema = f.nspname
where r.rolname <> e.dono
