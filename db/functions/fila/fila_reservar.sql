/* pgmigrate-encoding: utf-8 */
create or replace function worker.fila_reservar(
    p_cliente_id uuid, p_conexao_id uuid, p_dono text, p_quantos integer, p_epoca bigint, p_lease interval default '10 seconds',
    p_apos jsonb default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_ids uuid[];
    v_reservadas jsonb;
    -- scalars: what is read out of jsonb may not, under RLS, be an index condition
    v_executar_em timestamptz := coalesce((p_apos ->> 'executarEm')::timestamptz, '-infinity');
    v_id uuid := coalesce((p_apos ->> 'id')::uuid, '00000000-0000-0000-0000-000000000000');
begin
    perform interno.contexto_trabalho(p_cliente_id);
    if not interno.numero_pode_enviar(p_cliente_id, p_conexao_id, p_epoca, v_agora) then
        perform interno.mensagens_expirar(p_cliente_id, p_conexao_id, v_agora);
        return '[]';
    end if;
    -- lane after lane, each by its own stretch of the index: what waits in the last costs the first nothing
    v_ids := array(
        select x.id
        from unnest(array[1, 3, 5, 7]::smallint[]) as faixa (prioridade)
        cross join lateral (
            select f.id
            from public.fila as f
            where f.cliente_id = p_cliente_id and f.conexao_id = p_conexao_id and f.prioridade = faixa.prioridade
                and f.reservado_ate is null and f.execucao = 'ENVIO' and f.executar_em <= v_agora
                -- past what this worker took last: with an old snapshot held, dead entries pile up before it
                and (f.executar_em, f.id) > (case when faixa.prioridade = 7 then v_executar_em else '-infinity' end, v_id)
                -- one of a conversation at a time, the earliest, wherever it is in the queue
                and (f.chave_ordem is null or not exists (
                    select from public.fila as o
                    where o.cliente_id = p_cliente_id and o.chave_ordem = f.chave_ordem and o.ordem < f.ordem
                ))
            order by f.executar_em, f.id
            limit least(p_quantos, 100)
            for update of f skip locked
        ) as x
        limit least(p_quantos, 100)
    );
    with reservadas as (
        update public.fila as f
        set reservado_por = p_dono, reservado_ate = v_agora + p_lease, cerca = f.cerca + 1
        where f.cliente_id = p_cliente_id and f.id = any (v_ids)
        returning f.id, f.cerca, f.tipo, f.alvo_id, f.prioridade, f.executar_em
    )
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', r.id, 'cerca', r.cerca, 'tipo', r.tipo, 'alvoId', r.alvo_id, 'prioridade', r.prioridade, 'executarEm', r.executar_em
    ) order by r.prioridade, r.executar_em, r.id), '[]') into v_reservadas
    from reservadas as r;
    return v_reservadas;
end
$$;
comment on function worker.fila_reservar(uuid, uuid, text, integer, bigint, interval, jsonb) is
'Reserva até p_quantos trabalhos vencidos de um número, por prioridade e hora, por p_lease; a época do limitador precisa ser a vigente. De cada conversa, só a mensagem mais antiga que está na fila. p_apos ({executarEm, id}): na faixa das campanhas, começa depois deste.
Erros: 42501 sem cliente.
Efeitos: fila (dono, prazo, cerca); mensagens que esperaram demais por um número parado.
Desde: 0.1.0';
