/* pgmigrate-encoding: utf-8 */
create or replace function interno.restricoes_listar() returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_object_agg(x.nome, x.texto), '{}')
    from (
        select k.conname::text as nome, pg_catalog.obj_description(k.oid, 'pg_constraint') as texto
        from pg_catalog.pg_constraint as k where k.connamespace = 'public'::regnamespace
        union all
        select c.relname::text, pg_catalog.obj_description(c.oid, 'pg_class')
        from pg_catalog.pg_class as c
        join pg_catalog.pg_index as i on i.indexrelid = c.oid and i.indisunique
        where c.relnamespace = 'public'::regnamespace
    ) as x
    where x.texto ~ '^Z[A-Z]{2}[0-9]{2}: ';
$$;
comment on function interno.restricoes_listar() is
'Mensagens que as restrições e índices únicos trazem em seus comentários, por nome.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
