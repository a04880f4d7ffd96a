/* pgmigrate-encoding: utf-8 */
-- Views run as their owner unless told otherwise, materialised views and foreign tables know no RLS, a publication sends every
-- tenant to the subscriber, and an event trigger runs for everybody. None is needed here.
select '0701' as regra, n.nspname || '.' || c.relname as objeto, case c.relkind when 'v' then 'visão' when 'm' then 'visão materializada' else 'tabela estrangeira' end as detalhe
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
union all
select '0701', p.pubname::text, 'publicação lógica'
from pg_publication as p
union all
select '0701', e.evtname::text, 'gatilho de evento'
from pg_event_trigger as e
