/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_digitacao_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    return interno.conversa_presenca_json(interno.conversa_visivel(p_cliente_id, p_id));
end
$$;
comment on function api.conversa_digitacao_obter(uuid, text, uuid) is
'Quem escreve numa conversa, e quem pode saber disso: só anuncia que escreve quem pode responder.
Erros: ZNV01 conversa não encontrada.
Efeitos: nenhum.
Desde: 0.3.0';
