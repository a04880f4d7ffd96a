/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhooks_avisos_processar(p_cliente_id uuid, p_ids uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_aviso record;
begin
    for r_aviso in
        select w.conexao_id, x.conta_id_externa as conta, c.value ->> 'field' as campo, c.value -> 'value' as valor,
            -- never later than it came: a wrong clock must not outlive every true notice
            least(w.recebido_em, case when e.value ->> 'time' ~ '^[0-9]{9,10}$'
                then to_timestamp((e.value ->> 'time')::bigint) else w.recebido_em end)
            -- what one body says twice, it says in this order, also when it is read again
            + ((e.n - 1) * 100 + c.n) * interval '1 microsecond' as ocorrido_em
        from public.webhooks_recebidos as w
        join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = w.conexao_id and x.provedor = 'META_API'
        cross join lateral jsonb_path_query(interno.corpo_ler(w.corpo), '$.entry[*]') with ordinality as e (value, n)
        cross join lateral jsonb_path_query(e.value, '$.changes[*]') with ordinality as c (value, n)
        where w.cliente_id = p_cliente_id and w.id = any (p_ids) and w.status in ('PENDENTE', 'ERRO')
            and c.value ->> 'field' <> 'messages' and jsonb_typeof(c.value -> 'value') = 'object' and x.conta_id_externa is not null
        order by ocorrido_em, w.id, e.n, c.n
    loop
        case r_aviso.campo
            when 'phone_number_quality_update' then
                perform interno.aviso_numero_qualidade(
                    p_cliente_id, r_aviso.conexao_id, r_aviso.conta, r_aviso.valor, r_aviso.ocorrido_em
                );
            when 'phone_number_name_update' then
                perform interno.aviso_numero_nome(p_cliente_id, r_aviso.conexao_id, r_aviso.conta, r_aviso.valor, r_aviso.ocorrido_em);
            when 'business_capability_update' then
                perform interno.aviso_conta_capacidade(
                    p_cliente_id, r_aviso.conexao_id, r_aviso.conta, r_aviso.valor, r_aviso.ocorrido_em
                );
            when 'account_update' then
                perform interno.aviso_conta_mudanca(p_cliente_id, r_aviso.conexao_id, r_aviso.conta, r_aviso.valor, r_aviso.ocorrido_em);
            when 'account_alerts' then
                perform interno.aviso_conta_alerta(p_cliente_id, r_aviso.conexao_id, r_aviso.conta, r_aviso.valor, r_aviso.ocorrido_em);
            when 'account_review_update', 'security' then
                perform interno.aviso_conta_revisao(
                    p_cliente_id, r_aviso.conexao_id, r_aviso.conta, r_aviso.valor, r_aviso.ocorrido_em
                );
            when 'message_template_quality_update' then
                perform interno.aviso_modelo_qualidade(
                    p_cliente_id, r_aviso.conexao_id, r_aviso.conta, r_aviso.valor, r_aviso.ocorrido_em
                );
            when 'template_category_update' then
                perform interno.aviso_modelo_categoria(
                    p_cliente_id, r_aviso.conexao_id, r_aviso.conta, r_aviso.valor, r_aviso.ocorrido_em
                );
            when 'message_template_components_update' then
                perform interno.aviso_modelo_componentes(
                    p_cliente_id, r_aviso.conexao_id, r_aviso.conta, r_aviso.valor, r_aviso.ocorrido_em
                );
            else
                null; -- another function's, or not treated: webhooks_processar says so
        end case;
    end loop;
end
$$;
comment on function interno.webhooks_avisos_processar(uuid, uuid[]) is
'Aplica o que a Meta avisa da conta, dos números e dos modelos, na ordem em que ela diz que houve.
Erros: nenhum.
Efeitos: portfolios, conexoes, modelos, campanhas, campanhas_log, fila, ocorrencias, eventos.
Desde: 0.2.0';
