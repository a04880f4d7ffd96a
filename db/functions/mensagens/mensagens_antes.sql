/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagens_antes(p_cliente_id uuid, p_conversa_id uuid, p_de uuid, p_inclusive boolean, p_quantas integer) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    -- without one: from after the last
    v_de uuid := coalesce(p_de, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
    v_ocorrido_em timestamptz := 'infinity';
begin
    if p_de is not null then
        select m.ocorrido_em into v_ocorrido_em
        from public.mensagens as m where m.cliente_id = p_cliente_id and m.id = p_de and m.conversa_id = p_conversa_id;
        if not found then
            raise exception using errcode = 'ZNV02', message = 'mensagem não encontrada';
        end if;
    end if;
    return (
        select coalesce(jsonb_agg(interno.mensagem_json(x.mensagem) order by x.em desc, x.id desc), '[]')
        from (
            select m as mensagem, m.ocorrido_em as em, m.id
            from public.mensagens as m
            where m.cliente_id = p_cliente_id and m.conversa_id = p_conversa_id and (m.ocorrido_em, m.id) <= (v_ocorrido_em, v_de)
                and (p_inclusive or m.id <> v_de) and interno.mensagem_aparece(m.tipo, m.contexto_id, m.status)
            order by m.ocorrido_em desc, m.id desc
            limit p_quantas
        ) as x
    );
end
$$;
comment on function interno.mensagens_antes(uuid, uuid, uuid, boolean, integer) is
'As p_quantas mensagens de uma conversa antes desta (com ela, se p_inclusive; sem ela, as últimas), da mais recente para a mais antiga.
Erros: ZNV02 mensagem não encontrada.
Efeitos: nenhum.
Desde: 0.3.0';
