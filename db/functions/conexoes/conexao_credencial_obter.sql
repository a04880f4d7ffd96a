/* pgmigrate-encoding: utf-8 */
create or replace function api.conexao_credencial_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:gerir');
    return interno.conexao_credencial(p_cliente_id, p_id);
end
$$;
comment on function api.conexao_credencial_obter(uuid, text, uuid) is
'Credenciais cifradas para a borda testar ou trocar; nenhuma rota as devolve.
Erros: ZNX01 conexão não encontrada.
Efeitos: nenhum.
Desde: 0.1.0';
