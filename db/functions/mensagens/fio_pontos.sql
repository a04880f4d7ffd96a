/* pgmigrate-encoding: utf-8 */
create or replace function interno.fio_pontos(
    p_cliente_id uuid, p_conversa_id uuid, p_em timestamptz, p_id uuid, p_adiante boolean, p_quantos integer
) returns table (especie text, id uuid, em timestamptz)
language plpgsql stable security invoker set search_path = '' rows 31
as $$
begin
    if p_adiante then
        return query
        select x.especie, x.id, x.em
        from (
            (
                select 'MENSAGEM' as especie, m.id, m.ocorrido_em as em from public.mensagens as m
                where m.cliente_id = p_cliente_id and m.conversa_id = p_conversa_id and (m.ocorrido_em, m.id) > (p_em, p_id)
                    and interno.mensagem_aparece(m.tipo, m.contexto_id, m.status)
                order by m.ocorrido_em, m.id limit p_quantos
            ) union all (
                select 'NOTA', n.id, n.criado_em from public.notas as n
                where n.cliente_id = p_cliente_id and n.conversa_id = p_conversa_id and (n.criado_em, n.id) > (p_em, p_id) and n.removido_em is null
                order by n.criado_em, n.id limit p_quantos
            ) union all (
                select 'EVENTO', h.id, h.ocorrido_em from public.conversas_historico as h
                where h.cliente_id = p_cliente_id and h.conversa_id = p_conversa_id and (h.ocorrido_em, h.id) > (p_em, p_id)
                order by h.ocorrido_em, h.id limit p_quantos
            )
        ) as x
        order by x.em, x.id
        limit p_quantos;
        return;
    end if;
    return query
    select x.especie, x.id, x.em
    from (
        (
            select 'MENSAGEM' as especie, m.id, m.ocorrido_em as em from public.mensagens as m
            where m.cliente_id = p_cliente_id and m.conversa_id = p_conversa_id and (m.ocorrido_em, m.id) < (p_em, p_id)
                and interno.mensagem_aparece(m.tipo, m.contexto_id, m.status)
            order by m.ocorrido_em desc, m.id desc limit p_quantos
        ) union all (
            select 'NOTA', n.id, n.criado_em from public.notas as n
            where n.cliente_id = p_cliente_id and n.conversa_id = p_conversa_id and (n.criado_em, n.id) < (p_em, p_id) and n.removido_em is null
            order by n.criado_em desc, n.id desc limit p_quantos
        ) union all (
            select 'EVENTO', h.id, h.ocorrido_em from public.conversas_historico as h
            where h.cliente_id = p_cliente_id and h.conversa_id = p_conversa_id and (h.ocorrido_em, h.id) < (p_em, p_id)
            order by h.ocorrido_em desc, h.id desc limit p_quantos
        )
    ) as x
    order by x.em desc, x.id desc
    limit p_quantos;
end
$$;
comment on function interno.fio_pontos(uuid, uuid, timestamptz, uuid, boolean, integer) is
'O que está no fio de uma conversa depois (p_adiante) ou antes de um lugar, do mais perto ao mais longe: mensagens, notas e linhas do histórico.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
