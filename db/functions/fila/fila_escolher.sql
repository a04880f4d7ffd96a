/* pgmigrate-encoding: utf-8 */
create or replace function interno.fila_escolher(
    p_cliente_id uuid, p_conexao_id uuid, p_faixas smallint[], p_quantos integer, p_agora timestamptz,
    p_executar_em timestamptz default '-infinity', p_id uuid default '00000000-0000-0000-0000-000000000000'
) returns uuid[]
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    -- lane after lane, each by its own stretch of the index: what waits in the last costs the first nothing
    return array(
        select x.id
        from unnest(p_faixas) as faixa (prioridade)
        cross join lateral (
            select f.id
            from public.fila as f
            where f.cliente_id = p_cliente_id and f.conexao_id = p_conexao_id and f.prioridade = faixa.prioridade
                and f.reservado_ate is null and f.execucao = 'ENVIO' and f.executar_em <= p_agora
                -- past what this worker took last: with an old snapshot held, dead entries pile up before it
                and (f.executar_em, f.id) > (case when faixa.prioridade = 7 then p_executar_em else '-infinity' end, p_id)
                -- one of a conversation at a time, the earliest, wherever it is in the queue
                and (f.chave_ordem is null or not exists (
                    select from public.fila as o
                    where o.cliente_id = p_cliente_id and o.chave_ordem = f.chave_ordem and o.ordem < f.ordem
                ))
            order by f.executar_em, f.id
            limit p_quantos
            for update of f skip locked
        ) as x
        limit p_quantos
    );
end
$$;
comment on function interno.fila_escolher(uuid, uuid, smallint[], integer, timestamptz, timestamptz, uuid) is
'Trava até p_quantos trabalhos vencidos de um número, faixa por faixa e por hora. De cada conversa, só a mensagem mais antiga que está na fila. p_executar_em, p_id: na faixa das campanhas, começa depois destes.
Erros: nenhum.
Efeitos: trava de linha em fila.
Desde: 0.2.0';
