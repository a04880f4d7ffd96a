/* pgmigrate-encoding: utf-8 */
-- Whatever a column can hold, somebody will send. text, bytea, jsonb and arrays carry a CHECK that bounds them: a length, a
-- closed list, or an anchored pattern without open repetition; jsonb says its type and its size.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
), coluna as (
    select t.oid, t.nome, a.attname, a.atttypid, y.typcategory, y.typname,
        (
            select string_agg(pg_get_constraintdef(k.oid), ' ') from pg_constraint as k
            where k.conrelid = t.oid and k.contype = 'c' and a.attnum = any(k.conkey)
        ) as regras
    from tabela as t
    join pg_attribute as a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    join pg_type as y on y.oid = a.atttypid
    where t.nome !~ '^migracao\.'
)
select '0301' as regra, c.nome || '.' || c.attname as objeto, c.typname || ' sem limite de tamanho' as detalhe
from coluna as c
where case
        when c.typname = 'text' then
            coalesce(c.regras, '') !~ ('(char_length\(' || c.attname || '\)|\(' || c.attname || ' = ANY|\(' || c.attname || ' = ''[^'']*''::text\))')
            -- a pattern bounds only when anchored at both ends and free of * and + once escapes are set aside
            and not exists (
                select from regexp_matches(coalesce(c.regras, ''), c.attname || ' ~ ''(\^[^'']*\$)''', 'g') as m
                where regexp_replace(m[1], '\\.', '', 'g') !~ '[*+]'
            )
        when c.typname = 'bytea' then coalesce(c.regras, '') !~ ('octet_length\(' || c.attname || '\)')
        when c.typname = 'jsonb' then
            coalesce(c.regras, '') !~ ('jsonb_typeof\(' || c.attname || '\)') or coalesce(c.regras, '') !~ ('pg_column_size\(' || c.attname || '\)')
        when c.typcategory = 'A' then coalesce(c.regras, '') !~ ('cardinality\(' || c.attname || '\)')
        else false
    end
