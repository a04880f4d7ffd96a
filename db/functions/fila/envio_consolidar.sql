/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_consolidar(p_cliente_id uuid, p_alvos uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_atuais jsonb;
    v_apurados jsonb;
    v_mudados uuid[];
begin
    if cardinality(p_alvos) = 0 then
        return;
    end if;
    -- queue rows first, then recipients: the order every other function takes them in
    perform from public.fila as f
    where f.cliente_id = p_cliente_id and f.tipo in ('campanha_enviar', 'mensagem_enviar') and f.alvo_id = any (p_alvos)
    order by f.id for update;
    select jsonb_agg(to_jsonb(l)) into v_atuais from interno.alvos_travar(p_cliente_id, p_alvos) as l;
    perform interno.tentativas_nomear(p_cliente_id, p_alvos);
    select jsonb_agg(jsonb_build_object(
        'alvo', l.value, 'alvo_id', d.alvo_id, 'conexao_id', d.conexao_id, 'para', d.para, 'falhou_em', d.falhou_em, 'codigo', d.erro_codigo,
        'classe', e.classe, 'escopo', e.escopo, 'efeito', case when e.acao in ('FALHAR', 'DEVOLVER') then e.efeito end,
        'acao', case when d.falhou then 'FALHOU' else 'PROVADO' end, 'texto', e.texto, 'estado', jsonb_build_object(
            'status', case when d.falhou then 'FALHOU' else 'ENVIADO' end, 'motivo', e.classe, 'erro_texto', e.texto,
            'erro_codigo', case when d.falhou then d.erro_codigo end, 'id_externo', d.id_externo,
            'enviado_em', d.enviado_em, 'entregue_em', d.entregue_em, 'lido_em', d.lido_em
        )
    ) order by d.alvo_id) into v_apurados
    from interno.envio_apurar(p_cliente_id, p_alvos, array(
        select (l.value ->> 'tentativa_id')::uuid from jsonb_array_elements(v_atuais) as l
    )) as d
    join jsonb_array_elements(v_atuais) as l on (l.value ->> 'alvo_id')::uuid = d.alvo_id
    join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = d.conexao_id
    left join lateral (
        select r.* from interno.erro_do_provedor(x.provedor, d.erro_codigo, null, null, d.erro_texto) as r where d.falhou
    ) as e on true
    -- a failure is no news of what was given up
    where not (d.falhou and l.value ->> 'status' = 'PULADO');
    if v_apurados is null then
        return;
    end if;
    v_mudados := interno.alvos_gravar(p_cliente_id, (
        select jsonb_agg(a.value -> 'alvo' || (a.value -> 'estado')) from jsonb_array_elements(v_apurados) as a
    ), v_agora);
    -- whose answer was lost with its worker is counted now; who was counted already changes nothing
    perform interno.portfolio_contar(p_cliente_id, c.conexao_id, c.alvos, v_agora)
    from (
        select (a.value ->> 'conexao_id')::uuid as conexao_id, array_agg((a.value ->> 'alvo_id')::uuid) as alvos
        from jsonb_array_elements(v_apurados) as a
        where (a.value ->> 'alvo_id')::uuid = any (v_mudados)
        group by 1
    ) as c;
    -- a message that went back to the queue but did arrive must not go out again
    delete from public.fila as f
    where f.cliente_id = p_cliente_id and f.tipo in ('campanha_enviar', 'mensagem_enviar') and f.alvo_id = any (p_alvos)
        and f.intencao_em is null and f.alvo_id in (select (a.value ->> 'alvo_id')::uuid from jsonb_array_elements(v_apurados) as a);
    -- a repetition has no effect either, so that it does not revoke a consent given since
    perform interno.envio_falhas_tardias(p_cliente_id, jsonb_agg(a.value), v_agora)
    from jsonb_array_elements(v_apurados) as a
    where a.value ->> 'acao' = 'FALHOU' and (a.value ->> 'alvo_id')::uuid = any (v_mudados);
end
$$;
comment on function interno.envio_consolidar(uuid, uuid[]) is
'Leva aos alvos o que os status recebidos provam (envio_apurar): o resultado não depende da ordem nem da repetição das chegadas.
Erros: nenhum.
Efeitos: campanhas_log, mensagens, tentativas, portfolio_contatos, fila, eventos; o que uma falha manda fazer (envio_falhas_tardias).
Desde: 0.1.0';
