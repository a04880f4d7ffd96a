/* pgmigrate-encoding: utf-8 */
create or replace function interno.aviso_conta_mudanca(
    p_cliente_id uuid, p_conexao_id uuid, p_conta text, p_valor jsonb, p_em timestamptz
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_folga constant interval := '1 minute';
    v_evento text := left(regexp_replace(upper(coalesce(p_valor ->> 'event', '')), '[^A-Z0-9_]', '', 'g'), 40);
    v_id uuid := interno.portfolio_garantir(p_cliente_id, p_conta);
    v_restricao text;
    v_ate timestamptz;
    v_texto text;
begin
    select string_agg(r.value ->> 'restriction_type', ', ' order by r.n),
        max(case when r.value ->> 'expiration' ~ '^[0-9]{9,10}$' then to_timestamp((r.value ->> 'expiration')::bigint) end)
    into v_restricao, v_ate
    from jsonb_path_query(p_valor, '$.restriction_info[*] ? (@.type() == "object")') with ordinality as r (value, n)
    where r.value ->> 'restriction_type' ~ '_(BIZ|CUSTOMER)_INITIATED_MESSAGING$';
    v_restricao := left(case
        when v_evento = 'DISABLED_UPDATE' and p_valor #>> '{ban_info,waba_ban_state}' = 'DISABLE' then 'CONTA_DESATIVADA'
        when v_evento in ('ACCOUNT_DELETED', 'ACCOUNT_OFFBOARDED', 'PARTNER_REMOVED') then v_evento
        when v_evento = 'ACCOUNT_RESTRICTION' then v_restricao
    end, 100);
    v_texto := case
        when v_restricao is not null then format(
            'O WhatsApp restringiu a conta (%s)%s: os números dela foram pausados',
            v_restricao, ' até ' || to_char(v_ate at time zone 'America/Sao_Paulo', 'DD/MM/YYYY')
        )
        else 'O WhatsApp avisou de uma mudança na conta: ' || coalesce(nullif(v_evento, ''), 'sem nome')
            || coalesce(' (' || left(coalesce(p_valor #>> '{ban_info,waba_ban_state}', p_valor #>> '{violation_info,violation_type}'), 100) || ')', '')
    end;
    if v_restricao is not null then
        -- the same notice again, or one older than the last, changes nothing: somebody may have put it right since
        update public.portfolios as p set restricao = v_restricao, restricao_ate = v_ate, restricao_em = p_em, atualizado_em = now()
        where p.cliente_id = p_cliente_id and p.id = v_id
            and (p.restricao_em < p_em or p.restricao_em = p_em and p.restricao is distinct from v_restricao);
        if found then
            perform interno.conexao_parar(p_cliente_id, x.id, 'CONEXAO_PAUSAR', 'ACCOUNT_STOP', null, v_texto)
            from public.conexoes as x
            where x.cliente_id = p_cliente_id and x.conta_id_externa = p_conta and x.status = 'ATIVA' and x.removido_em is null
                and x.atualizado_em < p_em + c_folga;
        end if;
    elsif p_valor #>> '{ban_info,waba_ban_state}' = 'REINSTATE' or v_evento = 'ACCOUNT_RECONNECTED' then
        update public.portfolios as p set restricao = null, restricao_ate = null, restricao_em = p_em, atualizado_em = now()
        where p.cliente_id = p_cliente_id and p.id = v_id and p.restricao_em < p_em;
    end if;
    perform interno.aviso_anotar(
        p_cliente_id, 'CONTA', v_id, null, case when v_restricao is not null then 'ACCOUNT_STOP' else 'CONTA_MUDOU' end, v_texto
    );
end
$$;
comment on function interno.aviso_conta_mudanca(uuid, uuid, text, jsonb, timestamptz) is
'account_update: restrição de envio, conta desativada ou desligada pausam todos os números dela (uma pessoa os reativa); o resto fica anotado.
Erros: nenhum.
Efeitos: portfolios, conexoes, ocorrencias, eventos.
Desde: 0.2.0';
