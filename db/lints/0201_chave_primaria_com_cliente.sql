/* pgmigrate-encoding: utf-8 */
-- The primary key of a tenant table starts with cliente_id: then the same id may exist in two tenants, an insert tells
-- nothing about other tenants, and the table can be distributed by tenant.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0201' as regra, t.nome as objeto, case when i.indexrelid is null then 'tabela sem chave primária' else 'chave primária não começa por cliente_id' end as detalhe
from tabela as t
left join pg_index as i on i.indrelid = t.oid and i.indisprimary
where i.indexrelid is null or (t.tenant is not null and i.indkey[0] <> t.tenant)
