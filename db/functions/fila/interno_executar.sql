/* pgmigrate-encoding: utf-8 */
create or replace function worker.interno_executar(p_cliente_id uuid, p_limite integer default 50) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_ids uuid[];
begin
    perform interno.contexto_trabalho(p_cliente_id);
    v_ids := array(
        select f.id
        from public.fila as f
        where f.cliente_id = p_cliente_id and f.execucao = 'BANCO' and f.reservado_ate is null and f.executar_em <= v_agora
        order by f.executar_em, f.id
        limit p_limite
        for update skip locked
    );
    if cardinality(v_ids) > 0 then
        perform interno.trabalhos_executar(p_cliente_id, v_ids, v_agora);
    end if;
    return to_jsonb(cardinality(v_ids));
end
$$;
comment on function worker.interno_executar(uuid, integer) is
'Faz o trabalho que não envia nada (alimentar e iniciar campanhas, processar webhooks): tudo numa transação, então uma queda o devolve inteiro à fila. Devolve quantos fez.
Erros: os do trabalho; nesse caso o lote se parte ao meio (interno_vencidos, interno_executar_estes) e interno_falhar conta a tentativa.
Efeitos: os do trabalho; fila.
Desde: 0.1.0';
