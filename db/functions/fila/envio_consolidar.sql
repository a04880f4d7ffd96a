/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_consolidar(p_cliente_id uuid, p_alvos uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_parados uuid[];
    r_parada record;
    v_paradas jsonb;
begin
    if cardinality(p_alvos) = 0 then
        return;
    end if;
    -- queue rows first, then recipients: the order every other function takes them in
    perform from public.fila as f
    where f.cliente_id = p_cliente_id and f.tipo = 'campanha_enviar' and f.alvo_id = any (p_alvos) order by f.id for update;
    select array_agg(x.id) filter (where x.status in ('PENDENTE', 'PULADO')) into v_parados
    from (
        select l.id, l.status from public.campanhas_log as l
        where l.cliente_id = p_cliente_id and l.id = any (p_alvos) order by l.id for update
    ) as x;
    -- a status that carries our attempt id tells the provider's name of the message: later ones may carry only that
    update public.tentativas as t set id_externo = s.id_externo
    from (
        select distinct on (a.conexao_id, a.id_externo) a.*
        from (
            select t.id, t.conexao_id, min(r.id_externo) as id_externo
            from public.tentativas as t
            join public.status_recebidos as r
                on r.cliente_id = p_cliente_id and r.tentativa_id = t.id and r.conexao_id = t.conexao_id
            where t.cliente_id = p_cliente_id and t.alvo_id = any (p_alvos) and t.id_externo is null
            group by t.id, t.conexao_id
        ) as a
        order by a.conexao_id, a.id_externo, a.id
    ) as s
    where t.cliente_id = p_cliente_id and t.id = s.id and not exists (
        -- offset 0: one probe for each, not a join with everything ever sent
        select from public.tentativas as o
        where o.cliente_id = p_cliente_id and o.conexao_id = s.conexao_id and o.id_externo = s.id_externo
        offset 0
    );
    if v_parados is not null then
        -- what waits again, or was given up, and yet had gone out: the two steps that its state machine has
        update public.campanhas_log as l
        set status = case l.status when 'PENDENTE' then 'ENVIADO' else 'PENDENTE' end, motivo = null, atualizado_em = v_agora
        from interno.envio_apurar(p_cliente_id, v_parados) as d
        where l.cliente_id = p_cliente_id and l.id = any (v_parados) and l.id = d.alvo_id and d.falhou = (l.status = 'PENDENTE');
    end if;
    with decididas as materialized (
        select d.*, case when d.falhou then 'FALHOU' else 'ENVIADO' end as status,
            case when d.falhou then coalesce(e.classe, 'REQUEST') end as motivo,
            case when d.falhou then coalesce(e.texto, d.erro_texto, 'O provedor informou uma falha') end as texto,
            case when d.falhou then d.erro_codigo end as codigo
        from interno.envio_apurar(p_cliente_id, p_alvos) as d
        left join public.provedor_erros as e on e.provedor = 'META_API' and e.codigo = d.erro_codigo
    ), registros as (
        -- a repetition changes nothing, so that it neither moves a date nor revokes a consent given since
        update public.campanhas_log as l
        set status = d.status, motivo = d.motivo, erro_codigo = d.codigo, erro_texto = d.texto, id_externo = d.id_externo,
            enviado_em = d.enviado_em, entregue_em = d.entregue_em, lido_em = d.lido_em, atualizado_em = v_agora
        from decididas as d
        where l.cliente_id = p_cliente_id and l.id = any (p_alvos) and l.id = d.alvo_id and l.status <> 'PULADO'
            and (l.status, l.motivo, l.erro_codigo, l.erro_texto, l.id_externo, l.enviado_em, l.entregue_em, l.lido_em)
            is distinct from (d.status, d.motivo, d.codigo, d.texto, d.id_externo, d.enviado_em, d.entregue_em, d.lido_em)
        returning l.contato_id, l.campanha_id, l.motivo, l.erro_texto, d.conexao_id, d.falhou_em
    ), recusas as (
        insert into public.consentimentos (cliente_id, contato_id, finalidade, acao, origem, prova)
        select distinct p_cliente_id, r.contato_id, 'MARKETING', 'REVOGADO', 'PROVEDOR',
            'WhatsApp recusou a entrega: a pessoa parou o marketing'
        from registros as r
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = r.contato_id
        where r.motivo = 'OPTOUT' and c.marketing <> 'REVOGADO'
    ), retirados as (
        -- a message that went back to the queue but did arrive must not go out again
        delete from public.fila as f using decididas as d
        where f.cliente_id = p_cliente_id and f.tipo = 'campanha_enviar' and f.alvo_id = any (p_alvos) and f.alvo_id = d.alvo_id
            and f.intencao_em is null
    )
    select jsonb_agg(to_jsonb(x)) into v_paradas
    from (
        select r.conexao_id, jsonb_object_agg(
            r.motivo, jsonb_build_object('texto', r.erro_texto, 'campanhaId', r.campanha_id)
        ) as efeitos
        from registros as r
        join public.conexoes as c on c.cliente_id = p_cliente_id and c.id = r.conexao_id
        -- accepted, then refused for the number's, account's or template's sake: the next ones will be, too; what happened
        -- before somebody put it right no longer counts
        where r.motivo in ('AUTH', 'NUMBER_STOP', 'ACCOUNT_STOP', 'TEMPLATE_STOP') and r.falhou_em > c.atualizado_em
        group by r.conexao_id
    ) as x;
    for r_parada in select * from jsonb_to_recordset(v_paradas) as x (conexao_id uuid, efeitos jsonb) loop
        perform interno.envio_efeitos_aplicar(p_cliente_id, r_parada.conexao_id, r_parada.efeitos, v_agora, 0);
    end loop;
end
$$;
comment on function interno.envio_consolidar(uuid, uuid[]) is
'Leva aos destinatários o que os status recebidos provam (envio_apurar): o resultado não depende da ordem nem da repetição das chegadas.
Erros: nenhum.
Efeitos: campanhas_log, tentativas, consentimentos, fila; conexões, modelos e campanhas que uma falha manda parar.
Desde: 0.1.0';
