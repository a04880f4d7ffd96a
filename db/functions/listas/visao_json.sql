/* pgmigrate-encoding: utf-8 */
create or replace function interno.visao_json(p_visao public.visoes) returns jsonb
language sql stable security invoker
begin atomic
    select jsonb_build_object(
        'id', (p_visao).id, 'nome', (p_visao).nome, 'filtros', (p_visao).filtros, 'ordem', (p_visao).ordem, 'fixada', (p_visao).fixada,
        'equipeId', (p_visao).equipe_id, 'usuarioId', (p_visao).usuario_id, 'propria', (p_visao).usuario_id = interno.usuario_corrente(),
        'versao', (p_visao).versao, 'criadoEm', (p_visao).criado_em, 'atualizadoEm', (p_visao).atualizado_em
    );
end;
comment on function interno.visao_json(public.visoes) is
'A visão salva como a API a mostra; propria = é de quem pede, que por isso pode mudá-la.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
