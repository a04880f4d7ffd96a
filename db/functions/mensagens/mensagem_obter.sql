/* pgmigrate-encoding: utf-8 */
create or replace function api.mensagem_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    return interno.mensagem_json(interno.mensagem_visivel(p_cliente_id, p_id));
end
$$;
comment on function api.mensagem_obter(uuid, text, uuid) is
'Uma mensagem, se quem pede pode ver sua conversa.
Erros: ZNV02 mensagem não encontrada.
Efeitos: nenhum.
Desde: 0.2.0';
