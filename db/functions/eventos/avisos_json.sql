/* pgmigrate-encoding: utf-8 */
create or replace function interno.avisos_json(p_cliente_id uuid, p_conversas uuid[] default null) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    c_ditos constant integer := 20;
    c_desde constant timestamptz := now() - interval '2 minutes';
    v_eu uuid;
    v_minuto integer;
    v_fila boolean;
    v_prazo interval;
    v_p public.preferencias;
    v_avisos jsonb := '[]';
begin
    v_eu := interno.usuario_corrente();
    select extract(hour from x.local) * 60 + extract(minute from x.local), u.disponibilidade = 'DISPONIVEL', make_interval(mins => c.sla_minutos)
    into strict v_minuto, v_fila, v_prazo
    from public.usuarios as u
    join public.clientes as c on c.id = p_cliente_id
    cross join lateral (select now() at time zone c.fuso as local) as x
    where u.cliente_id = p_cliente_id and u.id = v_eu;
    select r.som, r.avisos_navegador, r.avisos_fila, r.avisos_texto, r.silencio_de, r.silencio_ate
    into v_p.som, v_p.avisos_navegador, v_p.avisos_fila, v_p.avisos_texto, v_p.silencio_de, v_p.silencio_ate
    from public.preferencias as r where r.cliente_id = p_cliente_id and r.usuario_id = v_eu;
    v_p.som := coalesce(v_p.som, true);
    v_p.avisos_navegador := coalesce(v_p.avisos_navegador, false);
    -- a silence may go over midnight
    if (v_p.silencio_de < v_p.silencio_ate and v_minuto >= v_p.silencio_de and v_minuto < v_p.silencio_ate)
        or (v_p.silencio_de > v_p.silencio_ate and (v_minuto >= v_p.silencio_de or v_minuto < v_p.silencio_ate))
    then
        v_p.som := false;
        v_p.avisos_navegador := false;
    end if;
    v_fila := v_fila and coalesce(v_p.avisos_fila, false);
    if v_p.som or v_p.avisos_navegador then
        select coalesce(jsonb_agg(jsonb_build_object(
            'chave', a.chave, 'tipo', a.tipo, 'conversaId', a.conversa_id, 'nome', a.nome,
            'texto', case when coalesce(v_p.avisos_texto, true) then left(a.texto, 140) end,
            'valeSegundos', floor(extract(epoch from a.vale_ate - now()))::integer
        ) order by a.em), '[]') into v_avisos
        from (
            select t.chave, t.tipo, t.conversa_id, t.nome, t.texto, t.em, t.vale_ate from (
                select x.id as chave, x.tipo, v.id as conversa_id, c.nome, x.texto, x.em, null::timestamptz as vale_ate
                from public.conversas as v
                join public.contatos as c on c.cliente_id = p_cliente_id and c.id = v.contato_id
                cross join lateral (
                    (
                        select m.id, 'MENSAGEM' as tipo, interno.mensagem_previa(m.tipo, m.corpo, m.apagado_em) as texto, m.criado_em as em
                        from public.mensagens as m
                        where m.cliente_id = p_cliente_id and m.conversa_id = v.id and m.criado_em > c_desde and m.direcao = 'ENTRADA'
                            and m.tipo not in ('SISTEMA', 'REACAO', 'EDICAO', 'EXCLUSAO') and v.nao_lidas > 0
                        order by m.criado_em desc, m.id
                        limit 1
                    )
                    union all
                    (
                        select h.id, 'PASSADA', null, h.ocorrido_em
                        from public.conversas_historico as h
                        where h.cliente_id = p_cliente_id and h.conversa_id = v.id and h.ocorrido_em > c_desde
                            and v.usuario_id = v_eu and h.usuario_id is distinct from v_eu and h.dados -> 'para' ->> 'usuarioId' = v_eu::text
                        order by h.ocorrido_em desc
                        limit 1
                    )
                ) as x
                where v.cliente_id = p_cliente_id and not c.bloqueado
                    and case when p_conversas is null then v.ultima_mensagem_em > c_desde else v.id = any (p_conversas) end
                    and (v.usuario_id = v_eu or (
                        v_fila and v.usuario_id is null and v.controle <> 'BOT'
                        and (v.equipe_id is null or interno.equipe_propria(p_cliente_id, v.equipe_id))
                    ))
                union all
                select n.id, 'MENCAO', v.id, c.nome, n.texto, m.criado_em, null
                from public.mencoes as m
                join public.notas as n on n.cliente_id = p_cliente_id and n.id = m.nota_id
                join public.conversas as v on v.cliente_id = p_cliente_id and v.id = m.conversa_id
                join public.contatos as c on c.cliente_id = p_cliente_id and c.id = v.contato_id
                where m.cliente_id = p_cliente_id and m.usuario_id = v_eu and m.criado_em > c_desde and m.lida_em is null and n.removido_em is null
                    and n.usuario_id is distinct from v_eu and interno.visivel(p_cliente_id, v.usuario_id, v.equipe_id)
                union all
                select o.id, 'OFERTA', o.conversa_id, c.nome, null, o.oferecida_em, o.expira_em
                from public.ofertas as o
                join public.conversas as v on v.cliente_id = p_cliente_id and v.id = o.conversa_id
                join public.contatos as c on c.cliente_id = p_cliente_id and c.id = v.contato_id
                where o.cliente_id = p_cliente_id and o.usuario_id = v_eu and o.fim is null and o.expira_em > now()
                union all
                -- one key for each time that one waited
                select md5(v.id::text || v.espera_desde::text)::uuid, 'PRAZO', v.id, c.nome, null, v.espera_desde + v_prazo, null
                from public.conversas as v
                join public.contatos as c on c.cliente_id = p_cliente_id and c.id = v.contato_id
                where v.cliente_id = p_cliente_id and v.usuario_id = v_eu and v.status in ('ABERTA', 'EM_ATENDIMENTO', 'AGUARDANDO_CLIENTE')
                    and v.espera_desde > c_desde - v_prazo and v.espera_desde <= now() - v_prazo and not c.bloqueado
            ) as t
            -- an offer asks for an answer: she is on a break after two that she did not give
            where t.tipo = 'OFERTA' or not exists (
                select from public.silenciadas as z
                where z.cliente_id = p_cliente_id and z.usuario_id = v_eu and z.conversa_id = t.conversa_id
            )
            order by t.em desc
            limit c_ditos
        ) as a;
    end if;
    return jsonb_build_object(
        'avisos', v_avisos, 'som', v_p.som, 'navegador', v_p.avisos_navegador,
        'prazoEm', interno.avisos_prazo(p_cliente_id, v_eu)
    );
end
$$;
comment on function interno.avisos_json(uuid, uuid[]) is
'De que avisar agora o usuário do contexto, e como: dos últimos 2 minutos, mensagem recebida e não lida destas conversas (nulo = de qualquer uma) que são suas, conversa que outro lhe passou, menção não lida, prazo de resposta que acabou numa conversa sua, conversa que a fila lhe oferece; se assim escolheu e está disponível, também o que chega à fila geral e às das suas equipes. No silêncio, nada; de conversa que silenciou, nunca. São os 20 mais novos; chave distingue o que já foi dito; valeSegundos: quanto ainda vale dizê-lo (nulo = sempre); prazoEm: quando acaba o próximo prazo.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
