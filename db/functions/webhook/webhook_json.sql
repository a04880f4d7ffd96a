/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhook_json(p_webhook public.webhooks_recebidos) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object(
        'id', p_webhook.id, 'conexaoId', p_webhook.conexao_id, 'status', p_webhook.status, 'motivo', p_webhook.motivo,
        'motivoTexto', p_webhook.erro_texto, 'campos', to_jsonb(coalesce(p_webhook.campos, '{}')), 'bytes', octet_length(p_webhook.corpo),
        'recebidoEm', p_webhook.recebido_em, 'processadoEm', p_webhook.processado_em
    );
$$;
comment on function interno.webhook_json(public.webhooks_recebidos) is
'Um webhook recebido como a lista o mostra, sem o corpo.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
