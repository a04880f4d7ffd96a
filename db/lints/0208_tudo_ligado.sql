/* pgmigrate-encoding: utf-8 */
-- A constraint NOT VALID, an invalid index, a disabled trigger or a rule is something that the schema promises and the
-- database does not do.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0208' as regra, x.objeto, x.detalhe
from (
    select t.nome || ':' || k.conname as objeto, 'restrição NOT VALID ou não imposta' as detalhe
    from pg_constraint as k
    join tabela as t on t.oid = k.conrelid
    where not k.convalidated or not k.conenforced
    union all
    select t.nome || ':' || c.relname, 'índice inválido'
    from pg_index as i
    join tabela as t on t.oid = i.indrelid
    join pg_class as c on c.oid = i.indexrelid
    where not (i.indisvalid and i.indisready)
    union all
    select t.nome || ':' || g.tgname, 'gatilho que não dispara sempre'
    from pg_trigger as g
    join tabela as t on t.oid = g.tgrelid
    where not g.tgisinternal and g.tgenabled <> 'O'
    union all
    select t.nome || ':' || w.rulename, 'regra (RULE) em tabela'
    from pg_rewrite as w
    join tabela as t on t.oid = w.ev_class
) as x
