/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_presenca_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    return interno.conversa_presenca_json(interno.conversa_visivel(p_cliente_id, p_id));
end
$$;
comment on function api.conversa_presenca_obter(uuid, text, uuid) is
'Quem olha uma conversa, e quem pode saber disso; o resto da presença não fica no banco.
Erros: ZNV01 conversa não encontrada.
Efeitos: nenhum.
Desde: 0.3.0';
