/* pgmigrate-encoding: utf-8 */
create or replace function worker.borda_falhar(
    p_cliente_id uuid, p_dono text, p_id uuid, p_cerca bigint, p_erro text, p_espera interval default null, p_definitiva boolean default false
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    r_trabalho record;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    select f.* into r_trabalho
    from public.fila as f
    where f.cliente_id = p_cliente_id and f.id = p_id and f.cerca = p_cerca and f.reservado_por = p_dono and f.execucao = 'BORDA'
    for update;
    if not found then
        return to_jsonb(false);
    end if;
    if not p_definitiva and (p_espera is not null or r_trabalho.tentativas < r_trabalho.max_tentativas) then
        update public.fila as f
        set reservado_por = null, reservado_ate = null,
            -- a wait that the work itself asked for is not a failure
            tentativas = f.tentativas - case when p_espera is null then 0 else 1 end,
            executar_em = v_agora + coalesce(p_espera, 2 ^ f.tentativas * interval '1 second')
        where f.cliente_id = p_cliente_id and f.id = p_id;
        return to_jsonb(true);
    end if;
    perform interno.fila_matar(p_cliente_id, array[p_id], p_erro);
    return to_jsonb(true);
end
$$;
comment on function worker.borda_falhar(uuid, text, uuid, bigint, text, interval, boolean) is
'Conta a falha de um trabalho da borda: nova tentativa com espera dobrada; na última, ou se p_definitiva, fila_morta. p_espera: o próprio trabalho pede para voltar mais tarde, sem contar. Devolve se a reserva ainda era deste dono.
Erros: 42501 sem cliente.
Efeitos: fila, fila_morta.
Desde: 0.2.0';
