/* pgmigrate-encoding: utf-8 */
create or replace function worker.fila_resgatar(p_cliente_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_json jsonb;
    v_esgotadas uuid[];
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
    ), incertas as (
        -- the worker died after it said that it would send: only a webhook may say what happened
        update public.campanhas_log as l set status = 'INCERTO', motivo = 'WORKER_MORREU', atualizado_em = v_agora
        from vencidas as v
        where l.cliente_id = p_cliente_id and l.id = v.alvo_id and v.com_intencao and l.status = 'ENVIANDO'
    )
    select jsonb_build_object(
        'soltas', count(*) filter (where not v.com_intencao), 'incertas', count(*) filter (where v.com_intencao)
    ), array_agg(v.id) filter (where v.esgotada) into v_json, v_esgotadas from vencidas as v;
    perform interno.fila_matar(p_cliente_id, v_esgotadas, 'o worker que fazia isto parou no meio, todas as vezes');
    return v_json;
end
$$;
comment on function worker.fila_resgatar(uuid) is
'Recolhe reservas vencidas: sem intenção voltam à fila sem custo; com intenção viram INCERTO e nunca são reenviadas; trabalho da borda que esgotou as tentativas vai para fila_morta.
Erros: 42501 sem cliente.
Efeitos: fila, fila_morta, campanhas_log.
Desde: 0.1.0';
