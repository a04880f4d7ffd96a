/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhook_meta_situacao(p_corpo jsonb) returns jsonb
language plpgsql immutable security invoker set search_path = ''
as $$
declare
    v_situacao jsonb;
begin
    -- the common case costs one look
    if jsonb_path_exists(p_corpo, '$.entry[*].changes[*]') and not jsonb_path_exists(p_corpo, '$.entry[*].changes[*] ? (!(
        @.field == "message_template_status_update" || @.field == "message_template_quality_update"
        || @.field == "message_template_components_update" || @.field == "template_category_update"
        || @.field == "phone_number_quality_update" || @.field == "phone_number_name_update"
        || @.field == "business_capability_update" || @.field == "account_update" || @.field == "account_alerts"
        || @.field == "account_review_update" || @.field == "security" || @.field == "user_preferences"
        || (@.field == "user_id_update" && exists (@.value.user_id_update))
        || (
            @.field == "messages" && (exists (@.value.statuses) || exists (@.value.messages) || exists (@.value.errors))
            && !exists (@.value.messages[*] ? (exists (@.group_id) || !exists (@.id) || !(exists (@.from) || exists (@.from_user_id) || exists (@.system))))
            && !exists (@.value.statuses[*] ? (!(@.id.type() == "string" && @.status.type() == "string")))
        ) || (
            @.field == "smb_message_echoes" && exists (@.value.message_echoes)
            && !exists (@.value.message_echoes[*] ? (exists (@.group_id) || !exists (@.id) || !(exists (@.to) || exists (@.to_user_id))))
        )
    ))') then
        return null;
    end if;
    select jsonb_build_object(
        'status', case when bool_or(x.peso = 1) then 'IGNORADO' else 'DESCARTADO' end,
        'motivo', (array_agg(x.motivo order by x.peso, x.n))[1],
        'texto', left(string_agg(distinct x.texto, '; ' order by x.texto), 500)
    ) into v_situacao
    from jsonb_path_query(p_corpo, '$.entry[*].changes[*]') with ordinality as c (value, n)
    cross join lateral (select c.value ->> 'field' as campo, c.value -> 'value' as valor) as m
    cross join lateral (
        select c.n, 2 as peso, 'GRUPO' as motivo, 'mensagens de grupos não entram na caixa de entrada' as texto
        where jsonb_path_exists(m.valor, '$.*[*].group_id')
        union all
        select c.n, 1, 'SEM_IDENTIFICACAO', 'uma mensagem sem id ou sem a pessoa não se pode atribuir a ninguém'
        where (m.campo = 'messages' and jsonb_path_exists(m.valor, '$.messages[*] ? (
                !exists (@.group_id) && (!exists (@.id) || !(exists (@.from) || exists (@.from_user_id) || exists (@.system)))
            )')) or (m.campo = 'smb_message_echoes' and jsonb_path_exists(m.valor, '$.message_echoes[*] ? (
                !exists (@.group_id) && (!exists (@.id) || !(exists (@.to) || exists (@.to_user_id)))
            )'))
        union all
        select c.n, 1, 'SEM_IDENTIFICACAO', 'um status sem id ou sem estado não se pode atribuir a nada'
        where m.campo = 'messages'
            and jsonb_path_exists(m.valor, '$.statuses[*] ? (!(@.id.type() == "string" && @.status.type() == "string"))')
        union all
        select c.n, 1, 'SEM_CONTEUDO', format('o campo %s veio sem o que costuma trazer', m.campo)
        where (m.campo = 'messages' and not jsonb_path_exists(m.valor, '$ ? (exists (@.statuses) || exists (@.messages) || exists (@.errors))'))
            or (m.campo = 'smb_message_echoes' and not jsonb_path_exists(m.valor, '$.message_echoes'))
            or (m.campo = 'user_id_update' and not jsonb_path_exists(m.valor, '$.user_id_update'))
        union all
        select c.n, 2, 'HISTORICO', 'conversas de antes da conexão do número não são importadas' where m.campo = 'history'
        union all
        select c.n, 2, 'AGENDA_DO_APARELHO', 'a agenda do aparelho não vira contatos: cada pessoa entra quando escreve' where m.campo = 'smb_app_state_sync'
        union all
        select c.n, 2, 'CAMPO_SEM_USO', format('o campo %s não muda nada aqui', m.campo)
        where m.campo in (
            'calls', 'flows', 'group_lifecycle_update', 'group_participants_update', 'group_settings_update', 'group_status_update',
            'account_settings_update', 'automatic_events', 'message_echoes', 'messaging_handovers', 'partner_solutions',
            'payment_configuration_update', 'template_correct_category_detection', 'tracking_events', 'business_status_update'
        )
        union all
        select c.n, 1, 'CAMPO_DESCONHECIDO', left(format('o campo %s ainda não se trata', coalesce(m.campo, '(sem nome)')), 200)
        where m.campo is null or m.campo not in (
            'message_template_status_update', 'message_template_quality_update', 'message_template_components_update',
            'template_category_update', 'phone_number_quality_update', 'phone_number_name_update', 'business_capability_update',
            'account_update', 'account_alerts', 'account_review_update', 'security', 'user_preferences', 'user_id_update', 'messages',
            'smb_message_echoes', 'history', 'smb_app_state_sync', 'calls', 'flows', 'group_lifecycle_update',
            'group_participants_update', 'group_settings_update', 'group_status_update', 'account_settings_update', 'automatic_events',
            'message_echoes', 'messaging_handovers', 'partner_solutions', 'payment_configuration_update',
            'template_correct_category_detection', 'tracking_events', 'business_status_update'
        )
    ) as x;
    if v_situacao ->> 'motivo' is null then
        v_situacao := jsonb_build_object('status', 'IGNORADO', 'motivo', 'SEM_CONTEUDO', 'texto', 'o corpo não traz nenhuma mudança');
    end if;
    return v_situacao;
end
$$;
comment on function interno.webhook_meta_situacao(jsonb) is
'Por que um corpo da Meta não se aplica inteiro: {status, motivo, texto}; nulo quando tudo nele se trata. DESCARTADO = entendido e sem uso aqui (grupos, histórico, agenda do aparelho); IGNORADO = algo que ainda não se entende. O resto do corpo é aplicado do mesmo jeito.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
