/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_registro_json(p_cliente_id uuid, p_campanha_id uuid, p_quantos integer) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object('em', x.em, 'acao', x.acao, 'quem', x.quem, 'texto', x.texto) order by x.em desc, x.id desc), '[]')
    from (
        select y.* from (
            (
                select a.criado_em as em, a.id, a.acao, u.nome as quem, null as texto
                from public.auditoria as a
                left join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = a.usuario_id
                where a.cliente_id = p_cliente_id and a.alvo_id = p_campanha_id
                order by a.id desc
                limit p_quantos
            )
            union all
            (
                select o.ocorrido_em, o.id, 'sistema', null, o.texto
                from public.ocorrencias as o
                where o.cliente_id = p_cliente_id and o.escopo = 'CAMPANHA' and o.alvo_id = p_campanha_id
                order by o.id desc
                limit p_quantos
            )
        ) as y
        order by y.em desc, y.id desc
        limit p_quantos
    ) as x;
$$;
comment on function interno.campanha_registro_json(uuid, uuid, integer) is
'O que pessoas fizeram com uma campanha e o que o sistema decidiu sozinho, do mais novo para o mais velho.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
