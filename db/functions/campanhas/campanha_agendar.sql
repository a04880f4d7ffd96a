/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_agendar(p_cliente_id uuid, p_campanha_id uuid, p_para timestamptz, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if p_para <= p_agora then
        raise exception using errcode = 'ZRK09', column = 'agendadoPara', message = 'o agendamento precisa ser no futuro';
    end if;
    delete from public.fila as f where f.cliente_id = p_cliente_id and f.tipo = 'campanha_iniciar' and f.alvo_id = p_campanha_id;
    update public.campanhas as k
    set agendado_para = p_para, status = case when p_para is null then 'RASCUNHO' else 'AGENDADA' end
    where k.cliente_id = p_cliente_id and k.id = p_campanha_id
        and (k.agendado_para is distinct from p_para or (k.status = 'RASCUNHO') <> (p_para is null));
    insert into public.fila (cliente_id, tipo, prioridade, executar_em, alvo_id)
    select p_cliente_id, 'campanha_iniciar', 5, p_para, p_campanha_id where p_para is not null;
end
$$;
comment on function interno.campanha_agendar(uuid, uuid, timestamptz, timestamptz) is
'Agenda o início da campanha, ou desfaz o agendamento (p_para nulo).
Erros: ZRK09 horário no passado.
Efeitos: campanhas, fila.
Desde: 0.1.0';
