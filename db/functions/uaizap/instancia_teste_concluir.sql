/* pgmigrate-encoding: utf-8 */
create or replace function api.instancia_teste_concluir(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_status text, p_motivo text default null, p_numero text default null,
    p_jid text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conexao public.conexoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:gerir');
    v_conexao := interno.instancia_gravar(p_cliente_id, p_id, p_status, p_motivo, p_numero, p_jid);
    return jsonb_build_object(
        'aprovado', v_conexao.status = 'ATIVA', 'codigo', null, 'motivo', v_conexao.status_motivo,
        'conexao', interno.conexao_json(v_conexao)
    );
end
$$;
comment on function api.instancia_teste_concluir(uuid, text, uuid, text, text, text, text) is
'Guarda o estado do aparelho que a borda leu no servidor UaiZap; aprovado = já se pode enviar.
Erros: ZNX01 conexão não encontrada; 23514 estado fora da lista.
Efeitos: conexoes_instancias, conexoes, ocorrencias, eventos.
Desde: 0.2.0';
