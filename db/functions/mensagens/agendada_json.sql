/* pgmigrate-encoding: utf-8 */
create or replace function interno.agendada_json(p_agendada public.mensagens_agendadas) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return jsonb_build_object(
        'id', p_agendada.id, 'contato', (
            select jsonb_build_object('id', c.id, 'nome', c.nome)
            from public.contatos as c where c.cliente_id = p_agendada.cliente_id and c.id = p_agendada.contato_id
        ),
        'conexaoId', p_agendada.conexao_id, 'tipo', p_agendada.tipo, 'conteudo', p_agendada.conteudo,
        'enviarEm', p_agendada.enviar_em, 'local', p_agendada.local_em, 'fuso', p_agendada.fuso,
        'cancelarSeResponder', p_agendada.cancelar_se_responder, 'recorrencia', p_agendada.recorrencia, 'ate', p_agendada.ate,
        'serieId', p_agendada.serie_id, 'numero', p_agendada.numero, 'status', p_agendada.status, 'motivo', p_agendada.motivo,
        'motivoTexto', p_agendada.motivo_texto, 'mensagemId', p_agendada.mensagem_id, 'criadoPor', p_agendada.criado_por,
        'versao', p_agendada.versao, 'criadoEm', p_agendada.criado_em, 'atualizadoEm', p_agendada.atualizado_em
    );
end
$$;
comment on function interno.agendada_json(public.mensagens_agendadas) is
'O agendamento como a API o mostra.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
