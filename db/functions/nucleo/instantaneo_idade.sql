/* pgmigrate-encoding: utf-8 */
create or replace function interno.instantaneo_idade() returns double precision
language sql stable security definer set search_path = ''
as $$
    select case when pg_has_role('pg_read_all_stats', 'USAGE') then coalesce(extract(epoch from clock_timestamp() - min(x.desde)), 0) end
    from (
        select s.xact_start as desde
        from pg_catalog.pg_stat_activity as s
        where s.datname = current_database() and s.pid <> pg_backend_pid() and s.backend_type <> 'autovacuum worker'
            and (s.backend_xmin is not null or s.backend_xid is not null)
        union all
        select p.prepared from pg_catalog.pg_prepared_xacts as p where p.database = current_database()
    ) as x;
$$;
comment on function interno.instantaneo_idade() is
'Há quantos segundos está aberta a transação mais velha que ainda impede a limpeza de linhas mortas (a fila fica mais lenta enquanto ela durar); nulo quando o papel não pode ver as outras sessões.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
