/* pgmigrate-encoding: utf-8 */
create or replace function interno.usuarios_que_veem(p_cliente_id uuid, p_conversa public.conversas, p_usuarios uuid[]) returns setof uuid
language sql stable security invoker set search_path = '' rows 10
as $$
    select u.id
    from public.usuarios as u
    join public.perfis as p on p.cliente_id = p_cliente_id and p.id = u.perfil_id
    cross join lateral (
        select exists (
            select from public.equipes_membros as m
            where m.cliente_id = p_cliente_id and m.equipe_id = p_conversa.equipe_id and m.usuario_id = u.id
        ) as da_equipe, exists (
            select from public.equipes_membros as meu
            join public.equipes_membros as dele on dele.cliente_id = p_cliente_id and dele.equipe_id = meu.equipe_id
            where meu.cliente_id = p_cliente_id and meu.usuario_id = u.id and dele.usuario_id = p_conversa.usuario_id
        ) as colega
    ) as x
    where u.cliente_id = p_cliente_id and u.id = any (p_usuarios) and u.ativo
        and exists (
            select from public.perfis_permissoes as pp
            where pp.cliente_id = p_cliente_id and pp.perfil_id = u.perfil_id and pp.permissao = 'conversas:ler'
        )
        -- what interno.visivel says of the current user, said of others
        and (
            p.visibilidade = 'TODAS' or p_conversa.usuario_id = u.id
            or (p_conversa.usuario_id is null and (p_conversa.equipe_id is null or x.da_equipe))
            or (p.visibilidade = 'EQUIPE' and (x.da_equipe or x.colega))
        );
$$;
comment on function interno.usuarios_que_veem(uuid, public.conversas, uuid[]) is
'Destes usuários, os ativos que podem ver a conversa: o predicado de interno.visivel, dito de outras pessoas.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
