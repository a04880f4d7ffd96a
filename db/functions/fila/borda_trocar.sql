/* pgmigrate-encoding: utf-8 */
create or replace function worker.borda_trocar(
    p_cliente_id uuid, p_conexao_id uuid, p_dono text, p_ids uuid[] default '{}', p_cercas bigint[] default '{}', p_quantos integer default 10,
    p_apos jsonb default null, p_lease interval default '60 seconds'
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_json jsonb;
    -- scalars: what is read out of jsonb may not, under RLS, be an index condition
    v_prioridade smallint := coalesce((p_apos ->> 'prioridade')::smallint, 0);
    v_executar_em timestamptz := coalesce((p_apos ->> 'executarEm')::timestamptz, '-infinity');
    v_id uuid := coalesce((p_apos ->> 'id')::uuid, '00000000-0000-0000-0000-000000000000');
begin
    perform interno.contexto_trabalho(p_cliente_id);
    if cardinality(p_ids) > 0 then
        delete from public.fila as f
        where f.cliente_id = p_cliente_id and f.id = any (p_ids) and f.cerca = p_cercas[array_position(p_ids, f.id)]
            and f.reservado_por = p_dono and f.execucao = 'BORDA';
    end if;
    if p_quantos < 1 then
        return '[]';
    end if;
    with escolhidas as materialized (
        select f.ctid as lugar
        from public.fila as f
        where f.cliente_id = p_cliente_id and f.conexao_id = p_conexao_id
            and f.reservado_ate is null and f.execucao = 'BORDA' and f.executar_em <= v_agora
            -- past what this worker took last: with an old snapshot held, dead entries pile up before it
            and (f.prioridade, f.executar_em, f.id) > (v_prioridade, v_executar_em, v_id)
        order by f.prioridade, f.executar_em, f.id
        limit least(p_quantos, 100)
        for update skip locked
    ), reservadas as (
        update public.fila as f
        set reservado_por = p_dono, reservado_ate = v_agora + p_lease, cerca = f.cerca + 1, tentativas = f.tentativas + 1
        from escolhidas as e
        where f.cliente_id = p_cliente_id and f.ctid = e.lugar
        returning f.id, f.cerca, f.tipo, f.alvo_id, f.tentativas, f.prioridade, f.executar_em
    )
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', r.id, 'cerca', r.cerca, 'tipo', r.tipo, 'alvoId', r.alvo_id, 'tentativas', r.tentativas,
        'prioridade', r.prioridade, 'executarEm', r.executar_em
    ) order by r.prioridade, r.executar_em, r.id), '[]') into v_json
    from reservadas as r;
    return v_json;
end
$$;
comment on function worker.borda_trocar(uuid, uuid, text, uuid[], bigint[], integer, jsonb, interval) is
'Num só comando, dá por feitos trabalhos da borda (p_ids com suas p_cercas; só os que ainda são deste dono) e reserva até p_quantos vencidos do mesmo número. Cada reserva conta uma tentativa, então um trabalho que mata seu worker acaba em fila_morta. p_apos ({prioridade, executarEm, id}): começa depois deste.
Erros: 42501 sem cliente.
Efeitos: fila.
Desde: 0.2.0';
