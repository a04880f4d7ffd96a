/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhooks_uaizap_processar(p_cliente_id uuid, p_ids uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    r_conexao record;
    v_itens jsonb;
    v_notas jsonb;
    v_lidos jsonb;
    v_ids uuid[] := array(
        select w.id
        from public.webhooks_recebidos as w
        join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = w.conexao_id and x.provedor = 'UAIZAP'
        where w.cliente_id = p_cliente_id and w.id = any (p_ids) and w.status in ('PENDENTE', 'ERRO')
        order by w.id
    );
begin
    if cardinality(v_ids) = 0 then
        return;
    end if;
    v_itens := interno.webhooks_uaizap_entradas_ler(p_cliente_id, v_ids);
    v_notas := interno.webhooks_passo(p_cliente_id, 'status do aparelho', v_ids) || interno.entradas_notas(v_itens)
        || interno.entrada_aplicar(p_cliente_id, interno.entradas_aplicaveis(v_itens));
    -- an event of the device has neither time nor order: it only says that there is something to ask
    for r_conexao in
        select distinct w.conexao_id
        from public.webhooks_recebidos as w
        join public.conexoes_instancias as i on i.cliente_id = p_cliente_id and i.conexao_id = w.conexao_id
        where w.cliente_id = p_cliente_id and w.id = any (v_ids) and interno.corpo_ler(w.corpo) ->> 'EventType' = 'connection'
        order by w.conexao_id
    loop
        perform interno.instancia_consultar(p_cliente_id, r_conexao.conexao_id, v_agora);
    end loop;
    select jsonb_agg(jsonb_build_object('id', w.id, 'situacao', interno.webhook_uaizap_situacao(interno.corpo_ler(w.corpo))) order by w.id)
    into v_lidos
    from public.webhooks_recebidos as w
    where w.cliente_id = p_cliente_id and w.id = any (v_ids);
    if v_notas <> '[]' then
        v_lidos := interno.webhooks_notas_juntar(v_lidos, v_notas);
    end if;
    perform interno.webhooks_situacoes_gravar(p_cliente_id, v_lidos, v_agora);
end
$$;
comment on function interno.webhooks_uaizap_processar(uuid, uuid[]) is
'Lê, dos webhooks dados, os de aparelhos UaiZap: mensagens, provas de envio, entregas e leituras; um evento do aparelho faz perguntar o estado ao servidor. O resultado não depende da ordem nem da repetição.
Erros: 22P02 quando um corpo não se lê.
Efeitos: status_recebidos, mensagens, conversas, contatos, campanhas_log, fila, webhooks_recebidos.
Desde: 0.2.0';
