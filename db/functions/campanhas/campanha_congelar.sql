/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_congelar(p_cliente_id uuid, p_campanha_id uuid) returns bigint
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_total bigint;
begin
    insert into public.campanhas_log (cliente_id, campanha_id, contato_id, telefone, status, motivo, parametros)
    select p_cliente_id, p_campanha_id, a.contato_id, a.telefone,
        case when a.motivo is null then 'PENDENTE' else 'PULADO' end, a.motivo, a.parametros
    from interno.campanha_avaliar(p_cliente_id, p_campanha_id) as a
    -- in the order of the indexes that each row is looked up in and entered into
    order by a.contato_id
    on conflict (cliente_id, campanha_id, contato_id) do nothing;
    get diagnostics v_total = row_count;
    return v_total;
end
$$;
comment on function interno.campanha_congelar(uuid, uuid) is
'Congela o público em campanhas_log num só comando: cada pessoa uma vez, com telefone e parâmetros, ou PULADO com motivo.
Erros: nenhum.
Efeitos: campanhas_log, campanhas_totais.
Desde: 0.1.0';
