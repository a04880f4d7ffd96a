/* pgmigrate-encoding: utf-8 */
-- Who owns each function (its rights) and who may call it. By schema, with the few exceptions named.
do $concessoes$
declare
    r record;
    v_dono text;
    v_chamador text;
begin
    -- a new owner needs CREATE on the schema at this moment; it is taken back below
    grant usage, create on schema api to crm_definidor, crm_porta;
    grant usage, create on schema worker to crm_fila;
    grant usage, create on schema webhook to crm_porta;
    grant usage, create on schema plataforma to crm_gestor, crm_porta;
    grant usage, create on schema interno to crm_busca, crm_medidor;
    for r in
        select p.oid, p.oid::regprocedure as funcao, n.nspname, p.proname, o.rolname as dono
        from pg_catalog.pg_proc as p
        join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
        join pg_catalog.pg_roles as o on o.oid = p.proowner
        where n.nspname in ('api', 'worker', 'webhook', 'plataforma', 'interno') and p.prokind = 'f'
    loop
        v_dono := case
            -- entering happens before there is a tenant: only crm_porta reads logins across tenants
            when r.nspname = 'api' and r.proname in ('login_preparar', 'login_concluir') then 'crm_porta'
            when r.nspname = 'api' then 'crm_definidor'
            when r.nspname = 'worker' then 'crm_fila'
            when r.nspname = 'webhook' then 'crm_porta'
            -- gives parts to connections: only crm_porta reads those across tenants
            when r.nspname = 'plataforma' and r.proname = 'quarentena_resgatar' then 'crm_porta'
            when r.nspname = 'plataforma' then 'crm_gestor'
            -- searches read by trigram, which RLS would forbid; they return ids only
            when r.proname in ('contatos_ids_buscar', 'mensagens_ids_buscar') then 'crm_busca'
            -- sees when other sessions began; returns one number
            when r.proname in ('instantaneo_idade') then 'crm_medidor'
            else 'crm_dono'
        end;
        if r.dono <> v_dono then
            execute format('alter function %s owner to %I', r.funcao, v_dono);
        end if;
        v_chamador := case r.nspname
            when 'api' then 'crm_api'
            when 'worker' then 'crm_worker'
            when 'webhook' then 'crm_ingresso'
            when 'plataforma' then 'crm_plataforma'
        end;
        execute format('revoke all on function %s from public', r.funcao);
        if v_chamador is not null then
            execute format('grant execute on function %s to %I', r.funcao, v_chamador);
        else
            execute format('grant execute on function %s to crm_definidor, crm_fila, crm_porta, crm_gestor', r.funcao);
        end if;
    end loop;
    revoke create on schema api from crm_definidor, crm_porta;
    revoke create on schema worker from crm_fila;
    revoke create on schema webhook from crm_porta;
    revoke create on schema plataforma from crm_gestor, crm_porta;
    revoke create on schema interno from crm_busca, crm_medidor;
end
$concessoes$;

grant usage on schema api to crm_api;
grant usage on schema worker to crm_worker;
grant usage on schema webhook to crm_ingresso;
grant usage on schema plataforma to crm_plataforma;
grant usage on schema interno, public to crm_definidor, crm_fila, crm_porta, crm_gestor, crm_busca;
revoke execute on procedure interno.isolar_tabela(regclass, text) from public;
revoke execute on procedure interno.eventos_seguir(regclass, text, text, text, text, text, text) from public;
revoke execute on function public.get_current_cliente_id() from public;
grant execute on function public.get_current_cliente_id() to crm_definidor, crm_fila, crm_porta, crm_gestor, crm_busca;
