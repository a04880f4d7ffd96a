/* pgmigrate-encoding: utf-8 */
create or replace function api.modelos_credencial_obter(p_cliente_id uuid, p_sessao text, p_conexao_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'modelos:sincronizar');
    return interno.conexao_credencial(p_cliente_id, p_conexao_id);
end
$$;
comment on function api.modelos_credencial_obter(uuid, text, uuid) is
'Credenciais cifradas para a borda buscar os modelos no provedor; nenhuma rota as devolve.
Erros: ZNX01 conexão não encontrada.
Efeitos: nenhum.
Desde: 0.1.0';
