/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_voltar(p_cliente_id uuid, p_campanha_id uuid, p_alvos uuid[]) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_recusados jsonb;
    v_voltam boolean;
begin
    select coalesce(jsonb_object_agg(r.id, r.motivo) filter (where r.motivo is not null), '{}'), coalesce(bool_or(r.motivo is null), false)
    into v_recusados, v_voltam
    from interno.campanha_repor(p_cliente_id, p_campanha_id, p_alvos) as r;
    if v_voltam and exists (
        select from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_campanha_id and k.status <> 'PAUSADA'
    ) then
        perform interno.campanha_ativar(p_cliente_id, p_campanha_id);
    end if;
    return v_recusados;
end
$$;
comment on function interno.campanha_voltar(uuid, uuid, uuid[]) is
'Repõe destinatários de uma campanha já travada e, se ela não está pausada, a põe em andamento; devolve {id: motivo} de quem não voltou.
Erros: ZCG01 campanha cancelada; ZRK03.
Efeitos: campanhas, campanhas_log, fila, eventos.
Desde: 0.2.0';
