/* pgmigrate-encoding: utf-8 */
create or replace function interno.fio_lugar(p_cliente_id uuid, p_conversa_id uuid, p_id uuid) returns timestamptz
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_em timestamptz;
begin
    select x.em into v_em
    from (
        select m.ocorrido_em as em from public.mensagens as m
        where m.cliente_id = p_cliente_id and m.id = p_id and m.conversa_id = p_conversa_id
        union all
        select n.criado_em from public.notas as n
        where n.cliente_id = p_cliente_id and n.id = p_id and n.conversa_id = p_conversa_id
        union all
        select h.ocorrido_em from public.conversas_historico as h
        where h.cliente_id = p_cliente_id and h.id = p_id and h.conversa_id = p_conversa_id
    ) as x
    limit 1;
    if not found then
        raise exception using errcode = 'ZNV02', message = 'mensagem não encontrada';
    end if;
    return v_em;
end
$$;
comment on function interno.fio_lugar(uuid, uuid, uuid) is
'A hora de uma mensagem, nota ou linha do histórico no fio de uma conversa.
Erros: ZNV02 não está nesta conversa.
Efeitos: nenhum.
Desde: 0.3.0';
