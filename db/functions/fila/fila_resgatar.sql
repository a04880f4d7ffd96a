/* pgmigrate-encoding: utf-8 */
create or replace function worker.fila_resgatar(p_cliente_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_json jsonb;
    v_esgotadas uuid[];
    v_incertas uuid[];
    v_mudancas jsonb;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    with vencidas as materialized (
        select f.id, f.alvo_id, f.intencao_em is not null as com_intencao,
            f.execucao = 'BORDA' and f.tentativas >= f.max_tentativas as esgotada
        from public.fila as f
        where f.cliente_id = p_cliente_id and f.reservado_ate is not null and f.reservado_ate < v_agora
        limit 500
        for update skip locked
    ), soltas as (
        update public.fila as f set reservado_por = null, reservado_ate = null
        from vencidas as v
        where f.cliente_id = p_cliente_id and f.id = v.id and not v.com_intencao and not v.esgotada
    ), retiradas as (
        delete from public.fila as f using vencidas as v
        where f.cliente_id = p_cliente_id and f.id = v.id and v.com_intencao
    )
    select jsonb_build_object(
        'soltas', count(*) filter (where not v.com_intencao), 'incertas', count(*) filter (where v.com_intencao)
    ), array_agg(v.id) filter (where v.esgotada), array_agg(v.alvo_id) filter (where v.com_intencao)
    into v_json, v_esgotadas, v_incertas from vencidas as v;
    -- the worker died after it said that it would send: only a webhook may say what happened
    select jsonb_agg(to_jsonb(l) || '{"status": "INCERTO", "motivo": "WORKER_MORREU"}') into v_mudancas
    from interno.alvos_travar(p_cliente_id, v_incertas) as l
    where l.status = 'ENVIANDO';
    perform interno.alvos_gravar(p_cliente_id, v_mudancas, v_agora);
    perform interno.reconciliacao_agendar(p_cliente_id, array(
        select (m.value ->> 'tentativa_id')::uuid from jsonb_array_elements(v_mudancas) as m
    ));
    perform interno.fila_matar(p_cliente_id, v_esgotadas, 'o worker que fazia isto parou no meio, todas as vezes');
    return v_json;
end
$$;
comment on function worker.fila_resgatar(uuid) is
'Recolhe reservas vencidas: sem intenção voltam à fila sem custo; com intenção viram INCERTO e nunca são reenviadas; trabalho da borda que esgotou as tentativas vai para fila_morta.
Erros: 42501 sem cliente.
Efeitos: fila, fila_morta, campanhas_log, mensagens, eventos.
Desde: 0.1.0';
