/* pgmigrate-encoding: utf-8 */
-- A lint that reads an empty catalogue finds nothing and proves nothing. No tenant table, no policy, no api function or
-- no login role means that the wrong database is being looked at, and that is a finding.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0001' as regra, '(banco)' as objeto, 'não há ' || x.que || ': as outras regras não mediram nada' as detalhe
from (
    values
    ('tabela de cliente', exists (select from tabela as t where t.tenant is not null)),
    ('política', exists (select from pg_policy)),
    ('função em api', exists (select from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace where n.nspname = 'api')),
    ('permissão catalogada', exists (select from public.permissoes)),
    ('papel de login', exists (select from pg_roles as r where r.rolname = 'crm_api'))
) as x (que, existe)
where not x.existe
