/* pgmigrate-encoding: utf-8 */
-- A unique index without cliente_id is an oracle: 23505 tells one tenant that the value exists in another.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0202' as regra, t.nome || ':' || c.relname as objeto, 'UNIQUE não começa por cliente_id' as detalhe
from pg_index as i
join tabela as t on t.oid = i.indrelid
join pg_class as c on c.oid = i.indexrelid
where t.tenant is not null and i.indisunique and not i.indisprimary and i.indkey[0] <> t.tenant
