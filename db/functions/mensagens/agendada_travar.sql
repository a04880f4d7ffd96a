/* pgmigrate-encoding: utf-8 */
create or replace function interno.agendada_travar(p_cliente_id uuid, p_id uuid, p_versao integer default null) returns public.mensagens_agendadas
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agendada public.mensagens_agendadas;
begin
    -- queue first, as the worker that fires it takes them
    perform from public.fila as f
    where f.cliente_id = p_cliente_id and f.tipo = 'agendada_disparar' and f.alvo_id = p_id for update;
    select a.* into v_agendada
    from public.mensagens_agendadas as a where a.cliente_id = p_cliente_id and a.id = p_id for update;
    if not found or not interno.agendada_visivel(p_cliente_id, v_agendada) then
        raise exception using errcode = 'ZNV03', message = 'agendamento não encontrado';
    end if;
    if v_agendada.status <> 'AGENDADA' then
        raise exception using errcode = 'ZCV06', message = 'o agendamento já foi disparado ou cancelado';
    end if;
    perform interno.versao_conferir(v_agendada.versao, p_versao);
    return v_agendada;
end
$$;
comment on function interno.agendada_travar(uuid, uuid, integer) is
'Tranca um agendamento que ainda espera, se quem pede pode vê-lo, e confere a versão.
Erros: ZNV03 agendamento não encontrado; ZCV06 já não espera; ZCG02 versão antiga.
Efeitos: tranca as linhas até o fim da transação.
Desde: 0.2.0';
