/* pgmigrate-encoding: utf-8 */
create or replace function worker.fila_prontas() returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_numeros jsonb;
    v_bordas jsonb;
    v_internos jsonb;
    v_resgates jsonb;
    v_avisos jsonb;
begin
    -- loose index scans: the cost follows the numbers that have work, not the rows that wait
    with recursive pares as (
        (
            select f.cliente_id, f.conexao_id, f.executar_em from public.fila as f
            where f.reservado_ate is null and f.execucao = 'ENVIO'
            order by f.cliente_id, f.conexao_id, f.prioridade, f.executar_em limit 1
        )
        union all
        select x.cliente_id, x.conexao_id, x.executar_em
        from pares as p
        cross join lateral (
            select f.cliente_id, f.conexao_id, f.executar_em from public.fila as f
            where f.reservado_ate is null and f.execucao = 'ENVIO'
                and (f.cliente_id, f.conexao_id) > (p.cliente_id, p.conexao_id)
            order by f.cliente_id, f.conexao_id, f.prioridade, f.executar_em limit 1
        ) as x
    )
    select coalesce(jsonb_agg(jsonb_build_object('clienteId', p.cliente_id, 'conexaoId', p.conexao_id)), '[]') into v_numeros
    from pares as p
    -- a device between two sends is not asked again every moment: only an answer by a person comes sooner
    left join public.conexoes_instancias as i
        on i.cliente_id = p.cliente_id and i.conexao_id = p.conexao_id and i.proximo_envio_em > v_agora
    -- most often the head of its line is due; only then is a look at each priority spared
    where (p.executar_em <= v_agora and i.conexao_id is null) or exists (
        select from unnest(array[1, 3, 5, 7]::smallint[]) as faixa (prioridade)
        where (i.conexao_id is null or (faixa.prioridade = 1 and i.proxima_resposta_em <= v_agora)) and (
            -- the first of its lane, by the index: whether any is due would be looked for in all of them
            select f.executar_em from public.fila as f
            where f.cliente_id = p.cliente_id and f.conexao_id = p.conexao_id and f.prioridade = faixa.prioridade
                and f.reservado_ate is null and f.execucao = 'ENVIO'
            order by f.executar_em limit 1
        ) <= v_agora
    );
    with recursive pares as (
        (
            select f.cliente_id, f.conexao_id, f.executar_em from public.fila as f
            where f.reservado_ate is null and f.execucao = 'BORDA'
            order by f.cliente_id, f.conexao_id, f.prioridade, f.executar_em limit 1
        )
        union all
        select x.cliente_id, x.conexao_id, x.executar_em
        from pares as p
        cross join lateral (
            select f.cliente_id, f.conexao_id, f.executar_em from public.fila as f
            where f.reservado_ate is null and f.execucao = 'BORDA'
                and (f.cliente_id, f.conexao_id) > (p.cliente_id, p.conexao_id)
            order by f.cliente_id, f.conexao_id, f.prioridade, f.executar_em limit 1
        ) as x
    )
    select coalesce(jsonb_agg(jsonb_build_object('clienteId', p.cliente_id, 'conexaoId', p.conexao_id)), '[]') into v_bordas
    from pares as p
    where p.executar_em <= v_agora or exists (
        select from unnest(array[1, 3, 5, 7]::smallint[]) as faixa (prioridade)
        where (
            select f.executar_em from public.fila as f
            where f.cliente_id = p.cliente_id and f.conexao_id = p.conexao_id and f.prioridade = faixa.prioridade
                and f.reservado_ate is null and f.execucao = 'BORDA'
            order by f.executar_em limit 1
        ) <= v_agora
    );
    with recursive clientes as (
        (
            select f.cliente_id from public.fila as f
            where f.reservado_ate is null and f.execucao = 'BANCO'
            order by f.cliente_id limit 1
        )
        union all
        select x.cliente_id
        from clientes as c
        cross join lateral (
            select f.cliente_id from public.fila as f
            where f.reservado_ate is null and f.execucao = 'BANCO' and f.cliente_id > c.cliente_id
            order by f.cliente_id limit 1
        ) as x
    )
    select coalesce(jsonb_agg(c.cliente_id), '[]') into v_internos
    from clientes as c
    where (
        select f.executar_em from public.fila as f
        where f.cliente_id = c.cliente_id and f.reservado_ate is null and f.execucao = 'BANCO'
        order by f.executar_em limit 1
    ) <= v_agora;
    -- one row a person at most, which may wait hours for the end of a time to answer
    with recursive clientes as (
        (
            select f.cliente_id, f.executar_em from public.fila as f
            where f.reservado_ate is null and f.execucao = 'AVISO'
            order by f.cliente_id, f.executar_em limit 1
        )
        union all
        select x.cliente_id, x.executar_em
        from clientes as c
        cross join lateral (
            select f.cliente_id, f.executar_em from public.fila as f
            where f.reservado_ate is null and f.execucao = 'AVISO' and f.cliente_id > c.cliente_id
            order by f.cliente_id, f.executar_em limit 1
        ) as x
    )
    select coalesce(jsonb_agg(c.cliente_id), '[]') into v_avisos from clientes as c where c.executar_em <= v_agora;
    select coalesce(jsonb_agg(distinct f.cliente_id), '[]') into v_resgates
    from public.fila as f
    where f.reservado_ate is not null and f.reservado_ate < v_agora;
    return jsonb_build_object('numeros', v_numeros, 'bordas', v_bordas, 'internos', v_internos, 'resgates', v_resgates, 'avisos', v_avisos);
end
$$;
comment on function worker.fila_prontas() is
'Onde há trabalho vencido agora, em todos os clientes: números com envios, números com trabalho da borda, clientes com trabalho interno, clientes com pessoas a avisar e clientes com reservas vencidas.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
