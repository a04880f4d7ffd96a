/* pgmigrate-encoding: utf-8 */
-- A status column without the transition trigger is a state machine that nothing guards. Every table listed in transicoes
-- has the trigger, and every state named there is one that the CHECK of the column accepts.
with tabela as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions,
        n.nspname || '.' || c.relname as nome,
        (select a.attnum from pg_attribute as a where a.attrelid = c.oid and a.attname = 'cliente_id' and not a.attisdropped) as tenant
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select '0209' as regra, x.objeto, x.detalhe
from (
    select distinct 'public.' || m.maquina as objeto, 'há transições, mas nenhum gatilho tg_transicao em status' as detalhe
    from public.transicoes as m
    where not exists (
        select from pg_trigger as g
        join pg_proc as f on f.oid = g.tgfoid and f.proname = 'tg_transicao'
        join tabela as t on t.oid = g.tgrelid
        where t.nome = 'public.' || m.maquina and g.tgenabled = 'O'
    )
    union
    select 'public.' || m.maquina, 'estado ' || e.estado || ' não é aceito por ' || m.maquina || '_status_check'
    from public.transicoes as m
    cross join lateral (values (m.de), (m.para)) as e (estado)
    where not exists (
        select from pg_constraint as k
        where k.conname = m.maquina || '_status_check' and pg_get_constraintdef(k.oid) like '%''' || e.estado || '''%'
    )
) as x
