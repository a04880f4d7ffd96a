/* pgmigrate-encoding: utf-8 */
-- What would open a door if it leaked is stored as a hash or as ciphertext made at the edge: bytea, or an argon2id string.
-- Found by the words in the name of the column.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0303' as regra, t.nome || '.' || a.attname as objeto, 'segredo em ' || format_type(a.atttypid, a.atttypmod) as detalhe
from tabela as t
join pg_attribute as a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
where a.attname ~ '(senha|password|token|segredo|secret|credencia|api_?key|refresh)' and a.atttypid in ('text'::regtype, 'jsonb'::regtype, 'varchar'::regtype)
    and not exists (
        select from pg_constraint as k
        where k.conrelid = t.oid and k.contype = 'c' and a.attnum = any(k.conkey) and pg_get_constraintdef(k.oid) like '%$argon2id$%'
    )
