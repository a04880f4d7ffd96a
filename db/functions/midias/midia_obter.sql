/* pgmigrate-encoding: utf-8 */
create or replace function api.midia_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    return interno.midia_json(interno.midia_ler(p_cliente_id, p_id));
end
$$;
comment on function api.midia_obter(uuid, text, uuid) is
'Uma mídia, se quem pede pode vê-la.
Erros: ZND01 mídia não encontrada.
Efeitos: nenhum.
Desde: 0.2.0';
