/* pgmigrate-encoding: utf-8 */
create or replace function worker.instancia_registrar(
    p_cliente_id uuid, p_conexao_id uuid, p_status text, p_motivo text default null, p_numero text default null, p_jid text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_trabalho(p_cliente_id);
    return to_jsonb((interno.instancia_gravar(p_cliente_id, p_conexao_id, p_status, p_motivo, p_numero, p_jid)).status);
end
$$;
comment on function worker.instancia_registrar(uuid, uuid, text, text, text, text) is
'Guarda o estado do aparelho que o worker leu no servidor UaiZap; devolve o da conexão.
Erros: ZNX01 conexão não encontrada; 23514 estado fora da lista.
Efeitos: conexoes_instancias, conexoes, ocorrencias, eventos.
Desde: 0.2.0';
