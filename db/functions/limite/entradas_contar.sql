/* pgmigrate-encoding: utf-8 */
create or replace function interno.entradas_contar(p_cliente_id uuid, p_conexao_id uuid, p_corpo jsonb) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_janela constant bigint := 60;
    v_agora bigint := extract(epoch from clock_timestamp())::bigint;
begin
    -- by the provider's second, not by that of arrival: a backlog delivered at once was no burst
    insert into public.entradas_segundo as e (cliente_id, conexao_id, posicao, segundo, total)
    select p_cliente_id, p_conexao_id, x.segundo % 128, x.segundo, count(*)
    from (
        select case when m.value ->> 'timestamp' ~ '^[0-9]{9,10}$'
                then least((m.value ->> 'timestamp')::bigint, v_agora) else v_agora end as segundo
        from (
            select v.value from jsonb_path_query(p_corpo, '$.entry[*].changes[*].value.messages[*] ? (@.type() == "object")') as v (value)
            union all
            select v.value
            from jsonb_path_query(p_corpo, '$.entry[*].changes[*].value.message_echoes[*] ? (@.type() == "object")') as v (value)
        ) as m
    ) as x
    where x.segundo > v_agora - c_janela
    group by x.segundo
    -- in the order of the key, so that two bodies wait for each other instead of deadlocking
    order by x.segundo % 128
    on conflict (cliente_id, conexao_id, posicao) do update
    set total = case when e.segundo = excluded.segundo then e.total + excluded.total else excluded.total end, segundo = excluded.segundo
    where e.segundo <= excluded.segundo;
end
$$;
comment on function interno.entradas_contar(uuid, uuid, jsonb) is
'Conta as mensagens de um corpo da Meta que chegaram a um número no último minuto (também as escritas no aparelho), pelo segundo do provedor: ele limita entrada e saída juntas. Um corpo só de status não escreve nada.
Erros: nenhum.
Efeitos: entradas_segundo.
Desde: 0.2.0';
