/* pgmigrate-encoding: utf-8 */
create or replace function interno.historico_json(p_linha public.conversas_historico) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return jsonb_build_object(
        'id', p_linha.id, 'tipo', p_linha.tipo, 'usuario', (
            select jsonb_build_object('id', u.id, 'nome', u.nome) from public.usuarios as u
            where u.cliente_id = p_linha.cliente_id and u.id = p_linha.usuario_id
        ),
        'de', coalesce(p_linha.dados -> 'de', '{}'), 'para', coalesce(p_linha.dados -> 'para', '{}'), 'motivo', p_linha.dados -> 'motivo',
        'etiqueta', case when p_linha.dados ? 'etiquetaId'
            then jsonb_build_object('id', p_linha.dados -> 'etiquetaId', 'nome', p_linha.dados -> 'etiqueta') end,
        'nomes', interno.historico_nomes(p_linha.cliente_id, p_linha.dados), 'ocorridoEm', p_linha.ocorrido_em
    );
end
$$;
comment on function interno.historico_json(public.conversas_historico) is
'Uma linha do histórico de uma conversa como a API a mostra: quem fez (nulo = o sistema), o que mudou de quê para quê, por quê, e os nomes dos ids citados.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
