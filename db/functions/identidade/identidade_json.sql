/* pgmigrate-encoding: utf-8 */
create or replace function interno.identidade_json(p_cliente_id uuid, p_usuario_id uuid) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object(
        'id', u.id, 'nome', u.nome, 'email', u.email,
        'perfil', jsonb_build_object('id', p.id, 'codigo', p.codigo, 'nome', p.nome, 'visibilidade', p.visibilidade),
        'permissoes', (
            select coalesce(jsonb_agg(pp.permissao order by pp.permissao), '[]')
            from public.perfis_permissoes as pp
            where pp.cliente_id = p_cliente_id and pp.perfil_id = p.id
        ),
        'cliente', jsonb_build_object('id', c.id, 'nome', c.nome, 'fuso', c.fuso, 'slaMinutos', c.sla_minutos)
    )
    from public.usuarios as u
    join public.perfis as p on p.cliente_id = p_cliente_id and p.id = u.perfil_id
    join public.clientes as c on c.id = p_cliente_id
    where u.cliente_id = p_cliente_id and u.id = p_usuario_id;
$$;
comment on function interno.identidade_json(uuid, uuid) is
'Quem é o usuário, com perfil, permissões e cliente.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
