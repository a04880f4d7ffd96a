/* pgmigrate-encoding: utf-8 */
create or replace function interno.alvos_gravar(p_cliente_id uuid, p_mudancas jsonb, p_agora timestamptz) returns uuid[]
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    return interno.alvo_campanha_gravar(p_cliente_id, coalesce(p_mudancas, '[]'), p_agora)
        || interno.alvo_mensagem_gravar(p_cliente_id, coalesce(p_mudancas, '[]'), p_agora);
end
$$;
comment on function interno.alvos_gravar(uuid, jsonb, timestamptz) is
'Grava o novo estado de envio do que já está travado ([{alvo_id, alvo_tipo, status, motivo, erro_codigo, erro_texto, tentativas, tentativa_id, id_externo, enviado_em, entregue_em, lido_em}], sempre todos) e devolve os ids do que mudou.
Erros: 23514 transição que não existe.
Efeitos: campanhas_log, campanhas_totais, mensagens, eventos.
Desde: 0.2.0';
