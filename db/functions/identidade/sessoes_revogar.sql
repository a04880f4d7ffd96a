/* pgmigrate-encoding: utf-8 */
create or replace function api.sessoes_revogar(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    perform interno.usuario_sessoes_revogar(p_cliente_id, interno.usuario_corrente(), 'REVOGADA', current_setting('app.sessao_id')::uuid),
        interno.auditar(p_cliente_id, 'sessoes_revogadas', 'usuarios', interno.usuario_corrente());
    return jsonb_build_object('id', interno.usuario_corrente());
end
$$;
comment on function api.sessoes_revogar(uuid, text) is
'Encerra todas as outras sessões de quem pede: só a que ele usa continua.
Erros: ZAG01 sessão inválida.
Efeitos: sessoes, auditoria, eventos.
Desde: 0.3.0';
