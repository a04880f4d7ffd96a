/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:ler');
    return interno.campanha_json(p_cliente_id, p_id);
end
$$;
comment on function api.campanha_obter(uuid, text, uuid) is
'Uma campanha com seus totais por estado de entrega.
Erros: ZNK01.
Efeitos: nenhum.
Desde: 0.1.0';
