/* pgmigrate-encoding: utf-8 */
create or replace function interno.importacao_contexto(p_cliente_id uuid, p_usuario_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform set_config('app.usuario_id', coalesce(p_usuario_id::text, ''), true), set_config('app.visibilidade', coalesce((
        select p.visibilidade
        from public.usuarios as u
        join public.perfis as p on p.cliente_id = p_cliente_id and p.id = u.perfil_id
        where u.cliente_id = p_cliente_id and u.id = p_usuario_id
    ), ''), true);
end
$$;
comment on function interno.importacao_contexto(uuid, uuid) is
'O trabalho da fila passa a ver e a assinar como quem iniciou a importação; usuário nulo = volta a ser o sistema.
Erros: nenhum.
Efeitos: app.usuario_id e app.visibilidade, locais à transação.
Desde: 0.3.0';
