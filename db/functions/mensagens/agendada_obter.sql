/* pgmigrate-encoding: utf-8 */
create or replace function api.agendada_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agendada public.mensagens_agendadas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    select a.* into v_agendada from public.mensagens_agendadas as a where a.cliente_id = p_cliente_id and a.id = p_id;
    if not found or not interno.agendada_visivel(p_cliente_id, v_agendada) then
        raise exception using errcode = 'ZNV03', message = 'agendamento não encontrado';
    end if;
    return interno.agendada_json(v_agendada);
end
$$;
comment on function api.agendada_obter(uuid, text, uuid) is
'Um agendamento, se quem pede pode vê-lo.
Erros: ZNV03 agendamento não encontrado.
Efeitos: nenhum.
Desde: 0.2.0';
