/* pgmigrate-encoding: utf-8 */
-- One policy per verb, permissive, named <table>_do_cliente_<verb>, in the one form whose sub-select is evaluated once per
-- statement. A verb without a policy touches 0 rows in silence; any other form was measured 3 to 30 times slower or opens
-- the table. USING and WITH CHECK are both compared as text with what PostgreSQL prints.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0102' as regra, t.nome || ':' || v.verbo as objeto,
    case when p.oid is null then 'falta a política ' || t.relname || '_do_cliente_' || v.verbo
        else 'política fora da única forma aceita: using ' || coalesce(pg_get_expr(p.polqual, t.oid), '(nada)')
            || ' with check ' || coalesce(pg_get_expr(p.polwithcheck, t.oid), '(nada)')
    end as detalhe
from tabela as t
cross join (values ('select', 'r', true, false), ('insert', 'a', false, true), ('update', 'w', true, true), ('delete', 'd', true, false))
    as v (verbo, cmd, le, grava)
left join pg_policy as p on p.polrelid = t.oid and p.polname = t.relname || '_do_cliente_' || v.verbo
where t.tenant is not null and (
    p.oid is null or p.polcmd::text <> v.cmd or not p.polpermissive
    or case when v.le then coalesce(pg_get_expr(p.polqual, t.oid), '') !~ '^\(cliente_id = \( SELECT (public\.)?get_current_cliente_id\(\) AS get_current_cliente_id\)\)$' else p.polqual is not null end
    or case when v.grava then coalesce(pg_get_expr(p.polwithcheck, t.oid), '') !~ '^\(cliente_id = \( SELECT (public\.)?get_current_cliente_id\(\) AS get_current_cliente_id\)\)$' else p.polwithcheck is not null end
)
