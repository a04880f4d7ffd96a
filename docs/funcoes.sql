/* pgmigrate-encoding: utf-8 */
-- What docs/funcoes.md says of each function, from the catalogue.
select n.nspname || '.' || p.proname as nome,
    pg_get_function_arguments(p.oid) as argumentos,
    pg_get_function_result(p.oid) as devolve,
    case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatilidade,
    l.lanname::text as linguagem,
    case when p.prosecdef then 'definer' else 'invoker' end as seguranca,
    o.rolname::text as dono,
    (
        select coalesce(string_agg(r.rolname::text, ', ' order by r.rolname), '')
        from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
        join pg_roles as r on r.oid = a.grantee
        where a.grantee <> p.proowner
    ) as chamadores,
    coalesce(obj_description(p.oid, 'pg_proc'), '') as comentario
from pg_proc as p
join pg_namespace as n on n.oid = p.pronamespace
join pg_language as l on l.oid = p.prolang
join pg_roles as o on o.oid = p.proowner
where n.nspname in ('api', 'worker', 'webhook', 'plataforma', 'interno', 'public') and p.prokind = 'f'
    and not exists (select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
order by 1
