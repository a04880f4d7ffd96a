/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_agendada_iniciar(p_cliente_id uuid, p_campanha_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_status text;
    v_motivo text;
begin
    select k.status into v_status from public.campanhas as k
    where k.cliente_id = p_cliente_id and k.id = p_campanha_id for update;
    if v_status is distinct from 'AGENDADA' then
        return;
    end if;
    perform interno.campanha_disparar(p_cliente_id, p_campanha_id);
exception when sqlstate 'ZRK04' or sqlstate 'ZRK05' or sqlstate 'ZRK06' or sqlstate 'ZRK15' then
    -- nobody is there to read the refusal: it is written where the campaign is looked at
    get stacked diagnostics v_motivo = message_text;
    update public.campanhas as k
    set status = 'RASCUNHO', agendado_para = null, status_motivo = 'Não começou na hora marcada: ' || v_motivo
    where k.cliente_id = p_cliente_id and k.id = p_campanha_id;
end
$$;
comment on function interno.campanha_agendada_iniciar(uuid, uuid) is
'Inicia uma campanha cuja hora chegou; se uma regra recusa, ela volta a RASCUNHO com o motivo.
Erros: nenhum de regra.
Efeitos: os de campanha_disparar.
Desde: 0.1.0';
