/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    return interno.conversa_json(interno.conversa_visivel(p_cliente_id, interno.conversa_atual(p_cliente_id, p_id)));
end
$$;
comment on function api.conversa_obter(uuid, text, uuid) is
'Uma conversa, se quem pede pode vê-la; a de uma que foi juntada a outra é a outra.
Erros: ZNV01 conversa não encontrada.
Efeitos: nenhum.
Desde: 0.2.0';
