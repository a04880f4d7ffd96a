/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagens_depois(p_cliente_id uuid, p_conversa_id uuid, p_de uuid, p_quantas integer) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_ocorrido_em timestamptz;
begin
    if p_de is not null then
        select m.ocorrido_em into v_ocorrido_em
        from public.mensagens as m where m.cliente_id = p_cliente_id and m.id = p_de and m.conversa_id = p_conversa_id;
        if not found then
            raise exception using errcode = 'ZNV02', message = 'mensagem não encontrada';
        end if;
    end if;
    return (
        select coalesce(jsonb_agg(interno.mensagem_json(x.mensagem) order by x.em, x.id), '[]')
        from (
            select m as mensagem, m.ocorrido_em as em, m.id
            from public.mensagens as m
            where m.cliente_id = p_cliente_id and m.conversa_id = p_conversa_id and (m.ocorrido_em, m.id) > (v_ocorrido_em, p_de)
                and interno.mensagem_aparece(m.tipo, m.contexto_id, m.status)
            order by m.ocorrido_em, m.id
            limit p_quantas
        ) as x
    );
end
$$;
comment on function interno.mensagens_depois(uuid, uuid, uuid, integer) is
'As p_quantas mensagens de uma conversa logo depois desta, da mais antiga para a mais recente.
Erros: ZNV02 mensagem não encontrada.
Efeitos: nenhum.
Desde: 0.3.0';
