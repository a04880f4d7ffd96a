/* pgmigrate-encoding: utf-8 */
create or replace function interno.nota_json(p_nota public.notas) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object(
        'id', p_nota.id, 'conversaId', p_nota.conversa_id, 'usuario', (
            select jsonb_build_object('id', u.id, 'nome', u.nome)
            from public.usuarios as u where u.cliente_id = p_nota.cliente_id and u.id = p_nota.usuario_id
        ),
        'texto', p_nota.texto, 'mencoes', (
            select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'nome', u.nome, 'lidaEm', m.lida_em) order by u.nome, u.id), '[]')
            from public.mencoes as m
            join public.usuarios as u on u.cliente_id = p_nota.cliente_id and u.id = m.usuario_id
            where m.cliente_id = p_nota.cliente_id and m.nota_id = p_nota.id
        ),
        'versao', p_nota.versao, 'criadoEm', p_nota.criado_em, 'atualizadoEm', p_nota.atualizado_em
    );
$$;
comment on function interno.nota_json(public.notas) is
'Uma nota interna como a API a mostra, com quem ela menciona.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
