/* pgmigrate-encoding: utf-8 */
create or replace function api.modelo_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_modelo public.modelos;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'modelos:ler');
    select m.* into v_modelo from public.modelos as m where m.cliente_id = p_cliente_id and m.id = p_id;
    if not found then
        raise exception using errcode = 'ZNM01', message = 'modelo não encontrado';
    end if;
    return interno.modelo_json(v_modelo);
end
$$;
comment on function api.modelo_obter(uuid, text, uuid) is
'Um modelo com seus componentes e variáveis.
Erros: ZNM01 modelo não encontrado.
Efeitos: nenhum.
Desde: 0.1.0';
