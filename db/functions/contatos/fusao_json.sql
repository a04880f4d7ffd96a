/* pgmigrate-encoding: utf-8 */
create or replace function interno.fusao_json(p_fusao public.contatos_fusoes) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object(
        'id', p_fusao.id, 'deId', p_fusao.de_id, 'paraId', p_fusao.para_id, 'deNome', (
            select c.nome from public.contatos as c where c.cliente_id = p_fusao.cliente_id and c.id = p_fusao.de_id
        ),
        'motivo', p_fusao.motivo, 'evidencia', p_fusao.evidencia, 'fundidoEm', p_fusao.fundido_em, 'fundidoPor', p_fusao.fundido_por,
        'fundidoPorNome', (
            select u.nome from public.usuarios as u where u.cliente_id = p_fusao.cliente_id and u.id = p_fusao.fundido_por
        ),
        'desfeitaEm', p_fusao.desfeita_em, 'desfeitaPor', p_fusao.desfeita_por
    );
$$;
comment on function interno.fusao_json(public.contatos_fusoes) is
'Uma fusão de contatos como a API a mostra.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
