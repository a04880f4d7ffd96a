/* pgmigrate-encoding: utf-8 */
-- A policy that is not about the tenant is for reading only, permissive, and for exactly one NOLOGIN role: the owner of
-- the functions of that one purpose.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0104' as regra, t.nome || ':' || p.polname as objeto, 'leitura ampla que não é só SELECT de um único papel NOLOGIN' as detalhe
from pg_policy as p
join tabela as t on t.oid = p.polrelid
where p.polname <> all(array(select t.relname || '_do_cliente_' || v.verbo from (values ('select'), ('insert'), ('update'), ('delete')) as v (verbo)))
    and (
        p.polcmd <> 'r' or not p.polpermissive or cardinality(p.polroles) <> 1
        or not exists (select from pg_roles as r where r.oid = p.polroles[1] and not r.rolcanlogin)
    )
