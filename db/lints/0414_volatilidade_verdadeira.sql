/* pgmigrate-encoding: utf-8 */
-- STABLE or IMMUTABLE on a function that writes or opens a context lets the planner skip or fold it; IMMUTABLE on one that
-- reads settings, the clock or a table gave another tenant's rows in 20 of 40 prepared executions. LEAKPROOF is never ours.
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
select '0414' as regra, f.nome as objeto, x.que as detalhe
from funcao as f
cross join lateral (
    values
    ('STABLE ou IMMUTABLE que escreve ou abre contexto', f.provolatile <> 'v' and (
        f.corpo ~* '\m(set_config|nextval|contexto_abrir|contexto_trabalho|auditar|avisar)\s*\('
        or f.corpo ~* '\m(insert\s+into|delete\s+from|update\s+(only\s+)?[a-z_.]+\s+(as\s+\w+\s+)?set)\M' or f.corpo ~* '\mfor\s+(no\s+key\s+)?(update|share)\M'
    )),
    ('IMMUTABLE que lê configuração, relógio ou tabela', f.provolatile = 'i'
        and f.corpo ~* '(\m(current_setting|now|clock_timestamp|statement_timestamp|random)\s*\(|\mcurrent_(user|date|timestamp)\M|\m(from|join)\s+public\.)'),
    ('STABLE que chama função volátil', f.provolatile <> 'v' and exists (
        select from regexp_matches(f.corpo, '\m([a-z_]+\.[a-z_0-9]+)\s*\(', 'g') as m
        join funcao as g on g.nome = m[1] and g.provolatile = 'v' and g.nspname <> 'public'
    )),
    ('LEAKPROOF', f.proleakproof),
    ('linguagem ' || f.lanname, f.lanname not in ('sql', 'plpgsql')),
    ('PARALLEL SAFE com EXCEPTION', f.proparallel = 's' and f.corpo ~* '\mexception\s+when\M')
) as x (que, mau)
where x.mau
