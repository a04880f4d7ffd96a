/* pgmigrate-encoding: utf-8 */
create or replace function api.etiqueta_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_etiqueta public.etiquetas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'etiquetas:ler');
    select e.* into v_etiqueta from public.etiquetas as e where e.cliente_id = p_cliente_id and e.id = p_id;
    if not found then
        raise exception using errcode = 'ZNE01', message = 'etiqueta não encontrada';
    end if;
    return interno.etiqueta_json(v_etiqueta);
end
$$;
comment on function api.etiqueta_obter(uuid, text, uuid) is
'Uma etiqueta.
Erros: ZNE01 etiqueta não encontrada.
Efeitos: nenhum.
Desde: 0.1.0';
