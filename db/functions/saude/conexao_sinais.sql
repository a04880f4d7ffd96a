/* pgmigrate-encoding: utf-8 */
create or replace function interno.conexao_sinais(p_cliente_id uuid, p_conexao_id uuid, p_agora timestamptz)
returns table (
    entrada_em timestamptz, saida_em timestamptz, entradas_hora integer, entradas_usuais numeric, entradas_esperadas numeric,
    envios integer, erros integer, erros_desde timestamptz, por_segundo numeric, na_fila integer, em_curso integer
)
language plpgsql stable security invoker set search_path = '' rows 1
as $$
declare
    c_hora constant interval := '1 hour';
    c_dia constant interval := '24 hours';
    c_semana constant interval := '7 days';
    -- a count that stops: what is a lot stays a lot, and a busy number must not make its own screen slow
    c_muitas constant integer := 200;
    v_desde timestamptz;
begin
    select max(m.criado_em) into entrada_em
    from public.mensagens as m
    where m.cliente_id = p_cliente_id and m.conexao_id = p_conexao_id and m.direcao = 'ENTRADA' and m.criado_em <= p_agora;
    -- the same stretch of the clock, on the same day of the last four weeks
    v_desde := greatest(entrada_em, p_agora - c_dia);
    select coalesce(sum(x.n) filter (where x.parte = 'AGORA'), 0), coalesce(round(sum(x.n) filter (where x.parte = 'HORA') / 4.0, 1), 0),
        coalesce(round(sum(x.n) filter (where x.parte = 'SILENCIO') / 4.0, 1), 0)
    into entradas_hora, entradas_usuais, entradas_esperadas
    from (
        select j.parte, (
            select count(*) from (
                select from public.mensagens as m
                where m.cliente_id = p_cliente_id and m.conexao_id = p_conexao_id and m.direcao = 'ENTRADA'
                    and m.criado_em > j.de and m.criado_em <= j.ate
                limit c_muitas
            ) as y
        ) as n
        from (
            select 'AGORA' as parte, p_agora - c_hora as de, p_agora as ate
            union all
            select 'HORA', p_agora - c_hora - s.n * c_semana, p_agora - s.n * c_semana from generate_series(1, 4) as s (n)
            union all
            select 'SILENCIO', v_desde - s.n * c_semana, p_agora - s.n * c_semana from generate_series(1, 4) as s (n)
        ) as j
    ) as x;
    select count(*), count(*) filter (where t.falhou), min(t.iniciada_em) filter (where t.falhou)
    into envios, erros, erros_desde
    from (
        select a.iniciada_em, a.desfecho <> 'ACEITO' as falhou
        from public.tentativas as a
        where a.cliente_id = p_cliente_id and a.conexao_id = p_conexao_id and a.iniciada_em > p_agora - c_dia
            and a.iniciada_em <= p_agora and a.desfecho is not null
        order by a.iniciada_em desc
        limit c_muitas
    ) as t;
    -- the newest attempt that was accepted, among the last ones
    select max(t.iniciada_em) filter (where t.desfecho = 'ACEITO'), round(count(*) filter (where t.iniciada_em > p_agora - interval '10 seconds') / 10.0, 1)
    into saida_em, por_segundo
    from (
        select a.iniciada_em, a.desfecho
        from public.tentativas as a
        where a.cliente_id = p_cliente_id and a.conexao_id = p_conexao_id and a.iniciada_em <= p_agora
        order by a.iniciada_em desc
        limit 1000
    ) as t;
    select coalesce(sum((f.value ->> 'esperando')::integer), 0), coalesce(sum((f.value ->> 'emCurso')::integer), 0)
    into na_fila, em_curso
    from jsonb_array_elements(interno.conexao_faixas(p_cliente_id, p_conexao_id, p_agora)) as f (value);
    return next;
end
$$;
comment on function interno.conexao_sinais(uuid, uuid, timestamptz) is
'O que se vê de um número: a última entrada e a última saída aceita; quantas chegaram na última hora, quantas costumam chegar nela e quantas se esperariam desde a última (média do mesmo dia nas últimas quatro semanas, até 200 de cada); dos últimos 200 envios de 24 h, quantos não foram aceitos e desde quando; envios por segundo agora e a fila.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
