/* pgmigrate-encoding: utf-8 */
create or replace function interno.contexto_trabalho(p_cliente_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if p_cliente_id is null then
        raise exception using errcode = '42501', message = 'sem cliente no contexto';
    end if;
    perform set_config('app.cliente_id', p_cliente_id::text, true), set_config('app.usuario_id', '', true);
end
$$;
comment on function interno.contexto_trabalho(uuid) is
'Abre o contexto de um cliente para funções que agem sem usuário (workers, recepção de webhooks, plataforma).
Erros: 42501 sem cliente.
Efeitos: app.cliente_id e app.usuario_id, locais à transação.
Desde: 0.1.0';
