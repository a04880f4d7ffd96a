/* pgmigrate-encoding: utf-8 */
create or replace function plataforma.cliente_desativar(p_cliente_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_trabalho(p_cliente_id);
    update public.clientes as c set ativo = false where c.id = p_cliente_id;
    if not found then
        raise exception using errcode = 'ZNS02', message = 'cliente não encontrado';
    end if;
    perform interno.auditar(p_cliente_id, 'cliente_desativado', 'clientes', p_cliente_id);
    return jsonb_build_object('clienteId', p_cliente_id, 'ativo', false);
end
$$;
comment on function plataforma.cliente_desativar(uuid) is
'Suspende um cliente: nenhuma sessão dele vale na chamada seguinte, e ninguém dele entra.
Erros: ZNS02 cliente não encontrado.
Efeitos: clientes, auditoria, eventos.
Desde: 0.1.0';
