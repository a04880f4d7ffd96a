/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_alimentar(p_cliente_id uuid, p_campanha_id uuid) returns boolean
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_segundos constant integer := 5;
    r_campanha record;
    v_agora timestamptz := clock_timestamp();
    v_esperando integer;
    r_leva record;
    v_movidos integer;
begin
    -- locked before its state is read: a resume that commits meanwhile must not be taken for a pause
    select k.status, k.conexao_id, k.intervalo_ms, greatest(k.proximo_envio_em, v_agora) as proximo, x.teto_por_segundo * c_segundos as alvo,
        x.teto_por_segundo as teto, 'YELLOW' in (x.qualidade, m.qualidade) as amarela
    into r_campanha
    from public.campanhas as k
    join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = k.conexao_id
    join public.modelos as m on m.cliente_id = p_cliente_id and m.id = k.modelo_id
    where k.cliente_id = p_cliente_id and k.id = p_campanha_id
    for update of k;
    if r_campanha.status = 'CANCELADA' then
        return interno.campanha_pular(p_cliente_id, p_campanha_id, 5000);
    elsif r_campanha.status is distinct from 'EM_ANDAMENTO' then
        return false;
    end if;
    select count(*) into v_esperando
    from (
        select from public.campanhas_log as l
        where l.cliente_id = p_cliente_id and l.campanha_id = p_campanha_id and l.status = 'RESERVADO'
        order by l.id
        limit r_campanha.alvo
    ) as x;
    if r_campanha.amarela then
        r_campanha.intervalo_ms := greatest(r_campanha.intervalo_ms, ceil(1000.0 / r_campanha.teto))
            * (select p.divisor_amarelo from interno.protecao_obter(p_cliente_id, p_campanha_id) as p);
    end if;
    select v.* into r_leva
    from interno.campanha_leva(
        p_cliente_id, p_campanha_id, r_campanha.conexao_id, greatest(r_campanha.alvo - v_esperando, 0), v_agora
    ) as v;
    perform interno.campanha_recusas_pular(p_cliente_id, p_campanha_id, r_leva.leva, v_agora);
    with movidos as (
        update public.campanhas_log as l set status = 'RESERVADO', atualizado_em = v_agora
        where l.cliente_id = p_cliente_id and l.id = any (r_leva.leva) and l.status = 'PENDENTE'
        returning l.id
    ), enfileirados as (
        insert into public.fila (cliente_id, tipo, conexao_id, prioridade, executar_em, expira_em, alvo_id)
        select p_cliente_id, 'campanha_enviar', r_campanha.conexao_id, 7, x.quando, x.quando + interval '5 minutes', x.id
        from (
            select m.id, r_campanha.proximo + (row_number() over (order by m.id) - 1) * r_campanha.intervalo_ms * interval '1 millisecond' as quando
            from movidos as m
        ) as x
        order by x.id
        on conflict (cliente_id, tipo, alvo_id) do nothing
    )
    select count(*) into v_movidos from movidos;
    update public.campanhas as k
    set proximo_envio_em = r_campanha.proximo + v_movidos * r_campanha.intervalo_ms * interval '1 millisecond', status_motivo = null
    where k.cliente_id = p_cliente_id and k.id = p_campanha_id and v_movidos > 0;
    if r_leva.volta_em is not null then
        perform interno.campanha_esperar(p_cliente_id, p_campanha_id, r_leva.volta_em, v_agora);
        return true;
    end if;
    if v_movidos > 0 or v_esperando > 0 then
        return true;
    end if;
    return not interno.campanha_concluir(p_cliente_id, p_campanha_id);
end
$$;
comment on function interno.campanha_alimentar(uuid, uuid) is
'Move para a fila só o bastante para alguns segundos de envio, espaçado por intervalo_ms (mais, com o número ou o modelo em qualidade amarela) e dentro do limite de pessoas em 24 h da conta, e conclui a campanha quando nada resta; de uma cancelada, pula o que sobrou. Devolve se ainda há trabalho.
Erros: nenhum.
Efeitos: campanhas, campanhas_log, fila, ocorrencias.
Desde: 0.1.0';
