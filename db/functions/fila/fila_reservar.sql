/* pgmigrate-encoding: utf-8 */
create or replace function worker.fila_reservar(
    p_cliente_id uuid, p_conexao_id uuid, p_dono text, p_quantos integer, p_epoca bigint, p_lease interval default '10 seconds',
    p_apos jsonb default null
) returns jsonb
language plpgsql volatile security definer set search_path = '' set plan_cache_mode = 'force_generic_plan'
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_ids uuid[];
    v_faixa smallint;
    v_reservadas jsonb;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    if not interno.numero_pode_enviar(p_cliente_id, p_conexao_id, p_epoca, v_agora) then
        perform interno.mensagens_expirar(p_cliente_id, p_conexao_id, v_agora);
        return '[]';
    end if;
    -- a device sends one at a time, and not in every lane
    v_faixa := interno.uaizap_ritmo(p_cliente_id, p_conexao_id, v_agora);
    v_ids := interno.fila_escolher(
        p_cliente_id, p_conexao_id, case v_faixa when 0 then '{}' when 1 then '{1}' else '{1,3,5,7}' end::smallint[],
        least(p_quantos, case when v_faixa is null then 100 else 1 end), v_agora,
        coalesce((p_apos ->> 'executarEm')::timestamptz, '-infinity'),
        coalesce((p_apos ->> 'id')::uuid, '00000000-0000-0000-0000-000000000000')
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
