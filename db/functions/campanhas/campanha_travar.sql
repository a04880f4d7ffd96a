/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_travar(p_cliente_id uuid, p_id uuid, p_estados text[]) returns text
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_status text;
begin
    select k.status into v_status from public.campanhas as k
    where k.cliente_id = p_cliente_id and k.id = p_id
    for update;
    if not found then
        raise exception using errcode = 'ZNK01', message = 'campanha não encontrada';
    end if;
    if v_status <> all (p_estados) then
        raise exception using errcode = 'ZCK01', column = 'status',
            message = format('a campanha está %s e não permite esta ação', case v_status
                when 'RASCUNHO' then 'ainda não lançada' when 'AGENDADA' then 'agendada' when 'EM_ANDAMENTO' then 'em andamento'
                when 'PAUSADA' then 'pausada' when 'CONCLUIDA' then 'concluída' else 'cancelada'
            end);
    end if;
    return v_status;
end
$$;
comment on function interno.campanha_travar(uuid, uuid, text[]) is
'Trava a linha da campanha até o fim da transação e devolve seu estado, recusando os que não estão em p_estados.
Erros: ZNK01; ZCK01.
Efeitos: trava de linha.
Desde: 0.1.0';
