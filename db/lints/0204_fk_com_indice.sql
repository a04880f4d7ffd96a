/* pgmigrate-encoding: utf-8 */
-- Deleting the row referred to scans the referring table unless an index starts with the referring columns. A foreign key
-- whose target nobody may delete (no role has the privilege, and the key never changes) costs no such scan and needs none;
-- the owner of the tables alone does not count, because nothing runs as it.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0204' as regra, o.nome || ':' || k.conname as objeto, 'FK sem índice que comece pelas colunas dela, e há quem possa apagar em ' || d.nome as detalhe
from pg_constraint as k
join tabela as o on o.oid = k.conrelid
join tabela as d on d.oid = k.confrelid
where k.contype = 'f'
    and not exists (
        select from pg_index as i
        where i.indrelid = k.conrelid and i.indisvalid and i.indpred is null
            and (select array_agg(x order by x) from unnest((i.indkey::int2[])[0:cardinality(k.conkey) - 1]) as x)
            = (select array_agg(x order by x) from unnest(k.conkey) as x)
    )
    and exists (select from aclexplode(d.relacl) as a where a.privilege_type = 'DELETE' and a.grantee <> d.relowner)
