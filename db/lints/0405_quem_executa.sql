/* pgmigrate-encoding: utf-8 */
-- Each function is executable by its owner and by the one login role of its schema; what is internal, by the owners of the
-- calling functions only. PUBLIC never: EXECUTE for everybody is PostgreSQL's default.
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
select '0405' as regra, f.nome as objeto, 'EXECUTE para ' || coalesce(r.rolname, 'PUBLIC') as detalhe
from funcao as f
cross join lateral aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) as a
left join pg_roles as r on r.oid = a.grantee
where a.grantee <> f.proowner and (
    a.is_grantable or coalesce(r.rolname, '') <> all(
        case f.nspname
            when 'api' then array['crm_api']
            when 'worker' then array['crm_worker']
            when 'webhook' then array['crm_ingresso']
            when 'plataforma' then array['crm_plataforma']
            else array['crm_definidor', 'crm_fila', 'crm_porta', 'crm_gestor', 'crm_busca']
        end
    )
)
union all
select '0405', f.nome, 'ninguém pode executar'
from funcao as f
where f.nspname in ('api', 'worker', 'webhook', 'plataforma') and f.proacl is not null
    and not exists (select from aclexplode(f.proacl) as a where a.grantee <> f.proowner)
