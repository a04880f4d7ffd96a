/* pgmigrate-encoding: utf-8 */
create or replace function interno.fio_json(p_cliente_id uuid, p_especies text[], p_ids uuid[]) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', x.id, 'especie', x.especie, 'em', coalesce(m.ocorrido_em, n.criado_em, h.ocorrido_em),
            'mensagem', case when m.id is not null then interno.mensagem_json(m) end,
            'autor', case when u.id is not null then jsonb_build_object('id', u.id, 'nome', u.nome) end,
            'midia', case when k.id is not null then interno.midia_json(k) end,
            'modelo', case when o.id is not null then jsonb_build_object('nome', o.nome, 'componentes', o.componentes) end,
            'nota', case when n.id is not null then interno.nota_json(n) end,
            'evento', case when h.id is not null then interno.historico_json(h) end
        ) order by x.lugar), '[]')
        from unnest(p_especies, p_ids) with ordinality as x (especie, id, lugar)
        left join public.mensagens as m on x.especie = 'MENSAGEM' and m.cliente_id = p_cliente_id and m.id = x.id
        left join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = m.usuario_id
        left join public.midias as k on k.cliente_id = p_cliente_id and k.id = m.midia_id and m.apagado_em is null
        left join public.modelos as o on o.cliente_id = p_cliente_id and o.id = m.modelo_id and m.apagado_em is null
        left join public.notas as n on x.especie = 'NOTA' and n.cliente_id = p_cliente_id and n.id = x.id
        left join public.conversas_historico as h on x.especie = 'EVENTO' and h.cliente_id = p_cliente_id and h.id = x.id
    );
end
$$;
comment on function interno.fio_json(uuid, text[], uuid[]) is
'Itens do fio de uma conversa com o que se mostra de cada um: a mensagem com autor, mídia e modelo, a nota, ou a linha do histórico, na ordem dada.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
