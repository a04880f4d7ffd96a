/* pgmigrate-encoding: utf-8 */
create or replace function interno.incertos_resolver(
    p_cliente_id uuid, p_alvo_tipo text, p_ids uuid[], p_decisao text, p_motivo text
) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_usuario uuid := interno.usuario_corrente();
    v_ids uuid[];
    v_tentativas jsonb;
    v_recusados jsonb := '{}';
    r_campanha record;
begin
    -- campaigns first, then recipients: whoever cancels one now does so before or after this
    perform from public.campanhas as k
    where k.cliente_id = p_cliente_id and k.id in (
        select l.campanha_id from public.campanhas_log as l where l.cliente_id = p_cliente_id and l.id = any (p_ids)
    )
    order by k.id for update;
    if p_alvo_tipo = 'CAMPANHA' then
        v_ids := array(
            select l.id from public.campanhas_log as l
            where l.cliente_id = p_cliente_id and l.id = any (p_ids) and l.status = 'INCERTO' order by l.id for update
        );
        select jsonb_object_agg(l.id, l.tentativa_id) into v_tentativas
        from public.campanhas_log as l where l.cliente_id = p_cliente_id and l.id = any (v_ids);
        for r_campanha in
            select k.id, k.status, array_agg(l.id order by l.id) as alvos
            from public.campanhas_log as l
            join public.campanhas as k on k.cliente_id = p_cliente_id and k.id = l.campanha_id
            where l.cliente_id = p_cliente_id and l.id = any (v_ids) and p_decisao = 'REENVIAR'
            group by k.id, k.status order by k.id
        loop
            v_recusados := v_recusados || case
                when r_campanha.status = 'CANCELADA'
                    then (select jsonb_object_agg(a.id, 'CAMPANHA_CANCELADA') from unnest(r_campanha.alvos) as a (id))
                else interno.campanha_voltar(p_cliente_id, r_campanha.id, r_campanha.alvos)
            end;
        end loop;
        update public.campanhas_log as l
        set status = case p_decisao when 'CONFIRMADO' then 'ENVIADO' else 'FALHOU' end,
            motivo = case p_decisao when 'CONFIRMADO' then 'CONFIRMADO_POR_PESSOA' else 'NAO_CONFIRMADO' end,
            enviado_em = case p_decisao when 'CONFIRMADO' then t.iniciada_em end, atualizado_em = v_agora
        from public.tentativas as t
        where l.cliente_id = p_cliente_id and l.id = any (v_ids) and p_decisao <> 'REENVIAR'
            and t.cliente_id = p_cliente_id and t.id = l.tentativa_id;
    else
        v_ids := array(
            select m.id from public.mensagens as m
            where m.cliente_id = p_cliente_id and m.id = any (p_ids) and m.status = 'INCERTO' order by m.id
        );
        select jsonb_object_agg(m.id, m.tentativa_id) into v_tentativas
        from public.mensagens as m where m.cliente_id = p_cliente_id and m.id = any (v_ids);
        select coalesce(jsonb_object_agg(r.id, r.motivo) filter (where r.motivo is not null), '{}') into v_recusados
        from interno.mensagens_repor(p_cliente_id, case p_decisao when 'REENVIAR' then v_ids end) as r;
        update public.mensagens as m
        set status = case p_decisao when 'CONFIRMADO' then 'ENVIADO' else 'FALHOU' end,
            motivo = case p_decisao when 'CONFIRMADO' then 'CONFIRMADO_POR_PESSOA' else 'NAO_CONFIRMADO' end,
            enviado_em = case p_decisao when 'CONFIRMADO' then t.iniciada_em end, atualizado_em = v_agora
        from public.tentativas as t
        where m.cliente_id = p_cliente_id and m.id = any (v_ids) and p_decisao <> 'REENVIAR' and m.status = 'INCERTO'
            and t.cliente_id = p_cliente_id and t.id = m.tentativa_id;
    end if;
    insert into public.entregas_decisoes (cliente_id, alvo_tipo, alvo_id, tentativa_id, decisao, motivo, usuario_id, decidido_em)
    select p_cliente_id, p_alvo_tipo, i.id, (v_tentativas ->> i.id::text)::uuid, p_decisao, p_motivo, v_usuario, v_agora
    from unnest(v_ids) as i (id)
    where not v_recusados ? i.id::text
    order by i.id;
    return v_recusados || (
        select coalesce(jsonb_object_agg(i.id, 'JA_DECIDIDO'), '{}') from unnest(p_ids) as i (id) where i.id <> all (v_ids)
    );
end
$$;
comment on function interno.incertos_resolver(uuid, text, uuid[], text, text) is
'Aplica a decisão de uma pessoa a envios sem confirmação: CONFIRMADO = ENVIADO; DESISTIR = FALHOU, NAO_CONFIRMADO; REENVIAR = volta a esperar, e pode chegar duas vezes. Devolve {id: recusa} do que não pôde. Uma prova que chegue depois vale mais.
Erros: ZRK03.
Efeitos: entregas_decisoes, campanhas, campanhas_log, conversas, mensagens, fila, eventos.
Desde: 0.2.0';
