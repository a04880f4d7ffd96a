/* pgmigrate-encoding: utf-8 */
-- A violated constraint answers with its comment (sql.md, section 3): every comment of a constraint or of a unique index
-- has the form CODE: sentence. Without a comment the answer is the fixed sentence of its class.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0305' as regra, t.nome || ':' || x.nome as objeto, 'comentário fora da forma código: frase' as detalhe
from (
    select k.conrelid as tabela, k.conname as nome, obj_description(k.oid, 'pg_constraint') as texto
    from pg_constraint as k
    union all
    select i.indrelid, c.relname, obj_description(c.oid, 'pg_class')
    from pg_index as i
    join pg_class as c on c.oid = i.indexrelid
) as x
join tabela as t on t.oid = x.tabela
where x.texto !~ '^Z[APNCRLT][A-Z][0-9]{2}: [^ ].{3,200}$'
