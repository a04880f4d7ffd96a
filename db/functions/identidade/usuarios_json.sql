/* pgmigrate-encoding: utf-8 */
create or replace function interno.usuarios_json(p_cliente_id uuid, p_ids uuid[]) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', u.id, 'nome', u.nome, 'email', u.email, 'ativo', u.ativo,
        'perfil', jsonb_build_object('id', p.id, 'codigo', p.codigo, 'nome', p.nome, 'visibilidade', p.visibilidade),
        'equipes', (
            select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'nome', e.nome) order by e.nome), '[]')
            from public.equipes_membros as m
            join public.equipes as e on e.cliente_id = p_cliente_id and e.id = m.equipe_id
            where m.cliente_id = p_cliente_id and m.usuario_id = u.id
        ),
        'capacidade', u.capacidade, 'disponibilidade', u.disponibilidade, 'disponibilidadeMotivo', u.disponibilidade_motivo,
        'disponibilidadeEm', u.disponibilidade_em,
        'ultimoAcessoEm', (
            select max(s.renovada_em)
            from (
                select x.renovada_em from public.sessoes as x
                where x.cliente_id = p_cliente_id and x.usuario_id = u.id
                order by x.criada_em desc
                limit 20
            ) as s
        ),
        'conviteExpiraEm', (select k.expira_em from public.convites as k where k.cliente_id = p_cliente_id and k.usuario_id = u.id),
        'segundoFator', exists (
            select from public.fatores as f
            where f.cliente_id = p_cliente_id and f.usuario_id = u.id and f.ativado_em is not null
        ),
        'versao', u.versao, 'criadoEm', u.criado_em, 'atualizadoEm', u.atualizado_em
    ) order by u.id desc), '[]')
    from public.usuarios as u
    join public.perfis as p on p.cliente_id = p_cliente_id and p.id = u.perfil_id
    where u.cliente_id = p_cliente_id and u.id = any (p_ids);
$$;
comment on function interno.usuarios_json(uuid, uuid[]) is
'Usuários com perfil, equipes, último acesso, se têm segundo fator e o link de definir senha ainda não usado, do mais novo ao mais antigo.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
