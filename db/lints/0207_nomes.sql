/* pgmigrate-encoding: utf-8 */
-- Names of constraints reach the error contract, names of indexes and triggers reach operators and reviews. Constraints are
-- <table>_<what>_{pkey,key,fkey,check}, indexes <table>_<what>_idx, triggers _NNN_task (so that they fire in the order read),
-- policies <table>_<what>, trigger functions tg_<table>__<task> or tg_<task> when several tables share them.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0207' as regra, x.objeto, 'nome fora da convenção' as detalhe
from (
    select t.nome || ':' || k.conname as objeto,
        k.conname ~ ('^' || t.relname || '_([a-z0-9_]+_)?'
        || case k.contype when 'p' then 'pkey' when 'u' then 'key' when 'f' then 'fkey' when 'c' then 'check' when 'n' then 'not_null' else 'excl' end || '$') as bom
    from pg_constraint as k
    join tabela as t on t.oid = k.conrelid
    -- the name of a constraint trigger is that of the trigger, below
    where t.nome !~ '^migracao\.' and k.contype <> 't'
    union all
    select t.nome || ':' || c.relname, c.relname ~ ('^' || t.relname || '_[a-z0-9_]+_idx$')
    from pg_index as i
    join tabela as t on t.oid = i.indrelid
    join pg_class as c on c.oid = i.indexrelid
    where not exists (select from pg_constraint as k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
    union all
    select t.nome || ':' || g.tgname, g.tgname ~ '^_[0-9]{3}_[a-z][a-z_]*$'
    from pg_trigger as g
    join tabela as t on t.oid = g.tgrelid
    where not g.tgisinternal
    union all
    select t.nome || ':' || p.polname, p.polname ~ ('^' || t.relname || '_[a-z_]+$')
    from pg_policy as p
    join tabela as t on t.oid = p.polrelid
    union all
    select distinct t.nome || ':' || f.proname, f.proname ~ ('^tg_(' || t.relname || '__)?[a-z]+$')
    from pg_trigger as g
    join tabela as t on t.oid = g.tgrelid
    join pg_proc as f on f.oid = g.tgfoid
    where not g.tgisinternal
) as x
where not x.bom
