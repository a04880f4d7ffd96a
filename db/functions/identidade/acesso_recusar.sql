/* pgmigrate-encoding: utf-8 */
create or replace function interno.acesso_recusar(p_cliente_id uuid, p_usuario_id uuid) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
begin
    if not exists (select from public.usuarios as u where u.cliente_id = p_cliente_id and u.id = p_usuario_id and u.ativo) then
        return interno.recusa('ZPI02', 'seu acesso está desativado: fale com quem administra a conta');
    end if;
    if not interno.cliente_operante(p_cliente_id) then
        return interno.recusa('ZPG02', 'a conta da empresa está inativa ou sem licença válida');
    end if;
    return null;
end
$$;
comment on function interno.acesso_recusar(uuid, uuid) is
'Por que alguém que provou quem é não pode entrar; nulo: pode.
Erros: devolvidos: ZPI02 usuário desativado; ZPG02 cliente inativo ou sem licença.
Efeitos: nenhum.
Desde: 0.3.0';
