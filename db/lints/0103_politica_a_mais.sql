/* pgmigrate-encoding: utf-8 */
-- Permissive policies add up by OR, so a fifth one undoes the other four for its roles. Each is excused by name, with the
-- role and the purpose, in dispensas.sql.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0103' as regra, t.nome || ':' || p.polname as objeto,
    'política além das quatro: using ' || coalesce(pg_get_expr(p.polqual, t.oid), '(nada)') || ' para '
    || (select string_agg(coalesce(r.rolname, 'PUBLIC'), ', ' order by r.rolname)
        from unnest(p.polroles) as x (papel) left join pg_roles as r on r.oid = x.papel) as detalhe
from pg_policy as p
join tabela as t on t.oid = p.polrelid
where p.polname not in (select t.relname || '_do_cliente_' || v.verbo from (values ('select'), ('insert'), ('update'), ('delete')) as v (verbo))
