/* pgmigrate-encoding: utf-8 */
-- A queue rewrites its rows all day: without free space in the page, an eager autovacuum, a partial index over what is ready
-- and a fencing number that only rises, it bloats, slows down, and lets a worker that lost its lease settle somebody else's work.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0601' as regra, t.nome as objeto, x.que as detalhe
from tabela as t
cross join lateral (
    values
    ('fillfactor acima de 80', not exists (select from unnest(t.reloptions) as o where o ~ '^fillfactor=([1-7][0-9]|80)$')),
    ('autovacuum_vacuum_scale_factor acima de 0.02', not exists (select from unnest(t.reloptions) as o where o ~ '^autovacuum_vacuum_scale_factor=0(\.0[0-2]?)?$')),
    ('sem índice parcial do que está pronto', not exists (select from pg_index as i where i.indrelid = t.oid and i.indpred is not null)),
    ('sem cerca bigint not null', not exists (
        select from pg_attribute as a where a.attrelid = t.oid and a.attname = 'cerca' and a.atttypid = 'int8'::regtype and a.attnotnull
    ))
) as x (que, mau)
where x.mau and exists (select from pg_attribute as a where a.attrelid = t.oid and a.attname = 'reservado_ate' and not a.attisdropped)
