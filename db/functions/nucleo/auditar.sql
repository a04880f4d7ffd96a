/* pgmigrate-encoding: utf-8 */
create or replace function interno.auditar(p_cliente_id uuid, p_acao text, p_alvo_tipo text, p_alvo_id uuid, p_detalhe jsonb default '{}')
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    insert into public.auditoria (cliente_id, usuario_id, acao, alvo_tipo, alvo_id, detalhe)
    values (p_cliente_id, interno.usuario_corrente(), p_acao, p_alvo_tipo, p_alvo_id, p_detalhe);
end
$$;
comment on function interno.auditar(uuid, text, text, uuid, jsonb) is
'Registra quem fez o quê; p_detalhe nunca leva segredo nem corpo de mensagem.
Erros: 23514 quando o detalhe é grande demais.
Efeitos: auditoria.
Desde: 0.1.0';
