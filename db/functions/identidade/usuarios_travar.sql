/* pgmigrate-encoding: utf-8 */
create or replace function interno.usuarios_travar(p_cliente_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform from public.perfis as p
    where p.cliente_id = p_cliente_id and p.codigo = 'ADMINISTRADOR'
    for no key update;
end
$$;
comment on function interno.usuarios_travar(uuid) is
'Põe em fila as mudanças que dependem de contar usuários do cliente (limite do plano, último administrador).
Erros: nenhum.
Efeitos: trava a linha do perfil de administrador até o fim da transação.
Desde: 0.1.0';
