/* pgmigrate-encoding: utf-8 */
create or replace function interno.perfis_json(p_cliente_id uuid, p_ids uuid[]) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', p.id, 'codigo', p.codigo, 'nome', p.nome, 'visibilidade', p.visibilidade,
        'permissoes', (
            select coalesce(jsonb_agg(pp.permissao order by pp.permissao), '[]')
            from public.perfis_permissoes as pp
            where pp.cliente_id = p_cliente_id and pp.perfil_id = p.id
        ),
        'usuarios', (select count(*) from public.usuarios as u where u.cliente_id = p_cliente_id and u.perfil_id = p.id),
        'versao', p.versao, 'criadoEm', p.criado_em, 'atualizadoEm', p.atualizado_em
    ) order by p.id desc), '[]')
    from public.perfis as p
    where p.cliente_id = p_cliente_id and p.id = any (p_ids);
$$;
comment on function interno.perfis_json(uuid, uuid[]) is
'Perfis com suas permissões e quantos usuários os têm, do mais novo ao mais antigo.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
