/* pgmigrate-encoding: utf-8 */
-- The session is the proof of the tenant. The first statement of an api function opens the context with the two first
-- arguments and one literal permission; declarations before it neither query nor call our own functions. Who may call before there is a session
-- is excused by name.
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
select '0406' as regra, f.nome as objeto,
    case when coalesce(f.proargnames[1:2], '{}') <> array['p_cliente_id', 'p_sessao'] then 'não começa por p_cliente_id, p_sessao'
        else 'a primeira instrução não é interno.contexto_abrir(p_cliente_id, p_sessao, permissão)' end as detalhe
from funcao as f
where f.nspname = 'api' and (
    coalesce(f.proargnames[1:2], '{}') <> array['p_cliente_id', 'p_sessao']
    or f.proargtypes[0] <> 'uuid'::regtype or f.proargtypes[1] <> 'text'::regtype
    or f.corpo !~ '^\s*(declare((?!\mselect\M|\mbegin\M|\minterno\.).)*)?\mbegin\s+perform interno\.contexto_abrir\(p_cliente_id, p_sessao, ''[a-z_]+:[a-z_]+''\);'
    or (select count(*) from regexp_matches(f.corpo, 'contexto_(abrir|trabalho)\s*\(', 'g')) <> 1
)
