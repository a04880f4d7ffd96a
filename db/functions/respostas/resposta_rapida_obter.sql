/* pgmigrate-encoding: utf-8 */
create or replace function api.resposta_rapida_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    return interno.resposta_json(interno.resposta_ver(p_cliente_id, p_id));
end
$$;
comment on function api.resposta_rapida_obter(uuid, text, uuid) is
'Uma resposta rápida que quem pede vê.
Erros: ZNV82 resposta rápida não encontrada.
Efeitos: nenhum.
Desde: 0.3.0';
