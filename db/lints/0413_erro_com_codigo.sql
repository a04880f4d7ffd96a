/* pgmigrate-encoding: utf-8 */
-- A bare RAISE reaches people as a defect (P0001 is 500). WHEN OTHERS hides the unknown. Dynamic SQL, NOTIFY (a global lock
-- at commit), session-wide settings and transaction control have no place in a function.
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
select '0413' as regra, f.nome as objeto, x.que as detalhe
from funcao as f
cross join lateral (
    values
    ('raise sem errcode', f.corpo ~* '\mraise\s+(exception\s+)?(?!exception\M)(?!using\M)(?!notice\M|debug\M|log\M|info\M|warning\M)' or f.corpo ~* 'raise\s+exception\s+using(?![^;]*errcode)'),
    ('when others', f.corpo ~* 'when\s+others'),
    ('SQL dinâmico', f.corpo ~* '\mexecute\s+(format|''|v_|p_)' and f.prokind = 'f'),
    ('NOTIFY', f.corpo ~* '\m(pg_notify\s*\(|notify\s+[a-z])'),
    ('configuração de sessão', f.corpo ~* 'set_config\s*\([^;]*,\s*false\s*\)' or f.corpo ~* '(^|;|\mbegin\M)\s*(set|reset)\s+[a-z]'),
    ('controle de transação', f.corpo ~* '(^|;|\mbegin\M)\s*(commit|rollback)\s*;')
) as x (que, mau)
where x.mau and f.lanname in ('sql', 'plpgsql')
