/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhooks_processar(p_cliente_id uuid, p_ids uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_lidos jsonb;
    v_ids uuid[];
    v_itens jsonb;
    v_notas jsonb;
begin
    perform interno.webhooks_uaizap_processar(p_cliente_id, p_ids);
    select jsonb_agg(jsonb_build_object(
        'id', w.id, 'situacao', interno.webhook_meta_situacao(c.corpo),
        -- what is in it, so that nothing else is looked for
        'campos', jsonb_path_query_array(c.corpo, '$.entry[*].changes[*].field'),
        'status', jsonb_path_exists(c.corpo, '$.entry[*].changes[*].value.statuses'),
        'erros', jsonb_path_exists(c.corpo, '$.entry[*].changes[*].value.errors'),
        'entradas', jsonb_path_exists(c.corpo, '$.entry[*].changes[*].value ? (exists(@.messages) || exists(@.message_echoes))')
    ) order by w.id) into v_lidos
    from public.webhooks_recebidos as w
    -- offset 0: read once, not once for each question
    cross join lateral (select interno.corpo_ler(w.corpo) as corpo offset 0) as c
    where w.cliente_id = p_cliente_id and w.id = any (p_ids) and w.status in ('PENDENTE', 'ERRO');
    if v_lidos is null then
        return;
    end if;
    v_ids := interno.webhooks_ids(v_lidos, '$[*] ? (@.status == true)');
    v_notas := interno.webhooks_passo(p_cliente_id, 'status', v_ids);
    v_ids := interno.webhooks_ids(v_lidos, '$[*] ? (exists(@.campos[*] ? (@ != "messages" && @ != "smb_message_echoes")))');
    if cardinality(v_ids) > 0 then
        v_notas := v_notas || interno.webhooks_passo(p_cliente_id, 'modelos', v_ids);
        v_notas := v_notas || interno.webhooks_passo(p_cliente_id, 'avisos', v_ids);
        v_notas := v_notas || interno.webhooks_passo(p_cliente_id, 'preferências', v_ids);
        v_notas := v_notas || interno.webhooks_passo(p_cliente_id, 'identidades', v_ids);
    end if;
    v_ids := interno.webhooks_ids(v_lidos, '$[*] ? (@.erros == true)');
    v_notas := v_notas || interno.webhooks_passo(p_cliente_id, 'erros', v_ids);
    v_ids := interno.webhooks_ids(v_lidos, '$[*] ? (@.entradas == true)');
    if cardinality(v_ids) > 0 then
        v_itens := interno.webhooks_entradas_ler(p_cliente_id, v_ids);
        v_notas := v_notas || interno.entradas_notas(v_itens)
            || interno.entrada_aplicar(p_cliente_id, interno.entradas_aplicaveis(v_itens));
    end if;
    if v_notas <> '[]' then
        v_lidos := interno.webhooks_notas_juntar(v_lidos, v_notas);
    end if;
    perform interno.webhooks_situacoes_gravar(p_cliente_id, v_lidos, v_agora);
end
$$;
comment on function interno.webhooks_processar(uuid, uuid[]) is
'Lê os webhooks guardados que ainda não foram lidos e aplica o que dizem: mensagens, ecos, status, modelos, números, contas, preferências e identidades. O que não se aplica diz por quê (webhook_meta_situacao, webhooks_notas_juntar), não leva o resto consigo e pode ser reprocessado.
Erros: 22P02 quando um corpo não se lê.
Efeitos: status_recebidos, campanhas_log, modelos, campanhas, conexoes, portfolios, ocorrencias, contatos, conversas, mensagens, consentimentos, eventos, webhooks_recebidos.
Desde: 0.1.0';
