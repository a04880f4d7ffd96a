/* pgmigrate-encoding: utf-8 */
create or replace function worker.fila_reservar(
    p_cliente_id uuid, p_conexao_id uuid, p_dono text, p_quantos integer, p_epoca bigint, p_lease interval default '10 seconds'
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_reservadas jsonb;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    if not interno.numero_pode_enviar(p_cliente_id, p_conexao_id, p_epoca, v_agora) then
        return '[]';
    end if;
    with escolhidas as materialized (
        select f.id
        from public.fila as f
        where f.cliente_id = p_cliente_id and f.conexao_id = p_conexao_id
            and f.reservado_ate is null and f.execucao = 'ENVIO' and f.executar_em <= v_agora
        order by f.prioridade, f.executar_em, f.id
        limit least(p_quantos, 100)
        for update skip locked
    ), reservadas as (
        update public.fila as f
        set reservado_por = p_dono, reservado_ate = v_agora + p_lease, cerca = f.cerca + 1
        from escolhidas as e
        where f.cliente_id = p_cliente_id and f.id = e.id
        returning f.id, f.cerca, f.tipo, f.alvo_id, f.prioridade, f.executar_em
    )
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', r.id, 'cerca', r.cerca, 'tipo', r.tipo, 'alvoId', r.alvo_id
    ) order by r.prioridade, r.executar_em, r.id), '[]') into v_reservadas
    from reservadas as r;
    return v_reservadas;
end
$$;
comment on function worker.fila_reservar(uuid, uuid, text, integer, bigint, interval) is
'Reserva até p_quantos trabalhos vencidos de um número, por prioridade e hora, por p_lease; a época do limitador precisa ser a vigente.
Erros: 42501 sem cliente.
Efeitos: fila (dono, prazo, cerca).
Desde: 0.1.0';
