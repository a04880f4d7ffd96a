/* pgmigrate-encoding: utf-8 */
-- Roles exist per server, not per database, and pgmigrate itself runs as crm_dono: so this file comes before the
-- migrations. It is idempotent and takes no lock that a running product would notice. Passwords are not here:
-- `balcao migrar` sets them, already hashed, from the key ring.
do $papeis$
declare
    v_papel text;
begin
    -- NOLOGIN: the owner of the tables, and the owners of the functions (one per purpose, none owns a table)
    foreach v_papel in array array['crm_dono', 'crm_definidor', 'crm_busca', 'crm_fila', 'crm_porta', 'crm_gestor', 'crm_medidor'] loop
        if not exists (select from pg_catalog.pg_roles where rolname = v_papel) then
            execute format('create role %I nologin noinherit', v_papel);
        end if;
    end loop;
    -- what running processes log in as: they may execute the functions of one schema and nothing else
    foreach v_papel in array array['crm_api', 'crm_worker', 'crm_ingresso', 'crm_plataforma'] loop
        if not exists (select from pg_catalog.pg_roles where rolname = v_papel) then
            execute format('create role %I login noinherit', v_papel);
        end if;
        execute format('alter role %I set lock_timeout = %L', v_papel, '2s');
        execute format('alter role %I set idle_in_transaction_session_timeout = %L', v_papel, '10s');
        execute format('alter role %I set statement_timeout = %L', v_papel,
            case v_papel when 'crm_api' then '15s' when 'crm_ingresso' then '5s' else '30s' end);
    end loop;
    -- the deploying role acts as crm_dono; crm_dono re-creates functions that others own
    execute format('grant crm_dono to %I with inherit false, set true', current_user);
    foreach v_papel in array array['crm_definidor', 'crm_busca', 'crm_fila', 'crm_porta', 'crm_gestor', 'crm_medidor'] loop
        execute format('grant %I to crm_dono with inherit true, set true', v_papel);
        execute format('alter default privileges for role %I revoke execute on functions from public', v_papel);
    end loop;
    -- its one function says how old the oldest open snapshot is; where this cannot be granted, the measure is missing
    begin
        grant pg_read_all_stats to crm_medidor with inherit true, set false;
    exception when insufficient_privilege then
        raise notice 'balcao_banco_xmin_idade_s will be missing: %', sqlerrm;
    end;
    alter default privileges for role crm_dono revoke execute on functions from public;
    -- large objects have no row-level security and are open to everybody by default; only a superuser can close them
    if (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        revoke execute on function lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea), lo_open(oid, integer),
            lo_put(oid, bigint, bytea), lo_get(oid), lo_get(oid, bigint, integer), lo_unlink(oid), lowrite(integer, bytea) from public;
    end if;
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to crm_api, crm_worker, crm_ingresso, crm_plataforma', current_database());
    execute format('grant create, connect on database %I to crm_dono', current_database());
    grant create, usage on schema public to crm_dono;
end
$papeis$;
