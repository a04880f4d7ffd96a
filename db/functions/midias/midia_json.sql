/* pgmigrate-encoding: utf-8 */
create or replace function interno.midia_json(p_midia public.midias) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object(
        'id', p_midia.id, 'origem', p_midia.origem, 'tipo', p_midia.tipo, 'status', p_midia.status, 'motivo', p_midia.motivo,
        'erroTexto', p_midia.erro_texto, 'mime', p_midia.mime, 'nome', p_midia.nome, 'tamanho', p_midia.tamanho,
        'conexaoId', p_midia.conexao_id, 'expiraEm', p_midia.expira_em, 'criadoEm', p_midia.criado_em,
        'atualizadoEm', p_midia.atualizado_em
    );
$$;
comment on function interno.midia_json(public.midias) is
'Uma mídia como a API a mostra.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
