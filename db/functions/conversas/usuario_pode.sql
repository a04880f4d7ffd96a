/* pgmigrate-encoding: utf-8 */
create or replace function interno.usuario_pode(p_cliente_id uuid, p_usuario_id uuid, p_permissao text) returns boolean
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return exists (
        select from public.usuarios as u
        join public.perfis_permissoes as pp on pp.cliente_id = p_cliente_id and pp.perfil_id = u.perfil_id
        where u.cliente_id = p_cliente_id and u.id = p_usuario_id and u.ativo and pp.permissao = p_permissao
    );
end
$$;
comment on function interno.usuario_pode(uuid, uuid, text) is
'Um usuário ativo tem a permissão.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
