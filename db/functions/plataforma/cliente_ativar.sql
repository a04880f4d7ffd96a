/* pgmigrate-encoding: utf-8 */
create or replace function plataforma.cliente_ativar(p_cliente_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_trabalho(p_cliente_id);
    update public.clientes as c set ativo = true where c.id = p_cliente_id;
    if not found then
        raise exception using errcode = 'ZNS02', message = 'cliente não encontrado';
    end if;
    perform interno.auditar(p_cliente_id, 'cliente_ativado', 'clientes', p_cliente_id);
    return jsonb_build_object('clienteId', p_cliente_id, 'ativo', true);
end
$$;
comment on function plataforma.cliente_ativar(uuid) is
'Volta a deixar um cliente operar.
Erros: ZNS02 cliente não encontrado.
Efeitos: clientes, auditoria, eventos.
Desde: 0.1.0';
