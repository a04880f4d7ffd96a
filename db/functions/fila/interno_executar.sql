/* pgmigrate-encoding: utf-8 */
create or replace function worker.interno_executar(p_cliente_id uuid, p_limite integer default 50) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    r_trabalho record;
    v_webhooks uuid[];
    v_total integer := 0;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    for r_trabalho in
        select f.id, f.tipo, f.alvo_id
        from public.fila as f
        where f.cliente_id = p_cliente_id and f.conexao_id is null and f.reservado_ate is null and f.executar_em <= v_agora
        order by f.executar_em, f.id
        limit p_limite
        for update skip locked
    loop
        v_total := v_total + 1;
        if r_trabalho.tipo = 'webhook_processar' then
            v_webhooks := v_webhooks || r_trabalho.alvo_id;
        elsif r_trabalho.tipo = 'campanha_alimentar' and interno.campanha_alimentar(p_cliente_id, r_trabalho.alvo_id) then
            update public.fila as f set executar_em = v_agora + interval '300 milliseconds', tentativas = 0
            where f.cliente_id = p_cliente_id and f.id = r_trabalho.id;
            continue;
        elsif r_trabalho.tipo = 'campanha_iniciar' then
            perform interno.campanha_agendada_iniciar(p_cliente_id, r_trabalho.alvo_id);
        end if;
        delete from public.fila as f where f.cliente_id = p_cliente_id and f.id = r_trabalho.id;
    end loop;
    if v_webhooks is not null then
        perform interno.webhooks_processar(p_cliente_id, v_webhooks);
    end if;
    return to_jsonb(v_total);
end
$$;
comment on function worker.interno_executar(uuid, integer) is
'Faz o trabalho que não envia nada (alimentar e iniciar campanhas, processar webhooks): tudo numa transação, então uma queda o devolve inteiro à fila. Devolve quantos fez.
Erros: os do trabalho; nesse caso interno_falhar conta a tentativa.
Efeitos: os do trabalho; fila.
Desde: 0.1.0';
