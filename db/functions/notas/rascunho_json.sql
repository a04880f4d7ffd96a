/* pgmigrate-encoding: utf-8 */
create or replace function interno.rascunho_json(p_rascunho public.rascunhos) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object(
        'conversaId', p_rascunho.conversa_id, 'texto', p_rascunho.texto, 'nota', p_rascunho.nota, 'contextoId', p_rascunho.contexto_id,
        'versao', p_rascunho.versao, 'criadoEm', p_rascunho.criado_em, 'atualizadoEm', p_rascunho.atualizado_em
    );
$$;
comment on function interno.rascunho_json(public.rascunhos) is
'Um rascunho como a API o mostra ao seu dono.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
