/* pgmigrate-encoding: utf-8 */
create or replace function worker.interno_falhar(p_cliente_id uuid, p_id uuid, p_erro text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    r_trabalho record;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    select f.* into r_trabalho
    from public.fila as f
    where f.cliente_id = p_cliente_id and f.id = p_id and f.execucao = 'BANCO' and f.reservado_ate is null and f.executar_em <= v_agora
    for update skip locked;
    if not found then
        return to_jsonb(false);
    end if;
    if r_trabalho.tentativas + 1 < r_trabalho.max_tentativas then
        update public.fila as f
        set tentativas = f.tentativas + 1, executar_em = v_agora + 2 ^ f.tentativas * interval '1 second'
        where f.cliente_id = p_cliente_id and f.id = r_trabalho.id;
        return to_jsonb(true);
    end if;
    update public.fila as f set tentativas = f.tentativas + 1 where f.cliente_id = p_cliente_id and f.id = r_trabalho.id;
    perform interno.fila_matar(p_cliente_id, array[r_trabalho.id], p_erro);
    update public.webhooks_recebidos as w set status = 'ERRO', motivo = 'PROCESSAMENTO_FALHOU', erro_texto = left(p_erro, 500), processado_em = v_agora
    where w.cliente_id = p_cliente_id and w.id = r_trabalho.alvo_id and r_trabalho.tipo = 'webhook_processar';
    return to_jsonb(true);
end
$$;
comment on function worker.interno_falhar(uuid, uuid, text) is
'Conta a falha de um trabalho interno, com espera crescente; na terceira ele vai para fila_morta, à vista.
Erros: 42501 sem cliente.
Efeitos: fila, fila_morta, webhooks_recebidos.
Desde: 0.1.0';
