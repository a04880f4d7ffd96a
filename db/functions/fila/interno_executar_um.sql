/* pgmigrate-encoding: utf-8 */
create or replace function worker.interno_executar_um(p_cliente_id uuid, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
begin
    perform interno.contexto_trabalho(p_cliente_id);
    perform from public.fila as f
    where f.cliente_id = p_cliente_id and f.id = p_id
        and f.execucao = 'BANCO' and f.reservado_ate is null and f.executar_em <= v_agora
    for update skip locked;
    if not found then
        return to_jsonb(false);
    end if;
    perform interno.trabalhos_executar(p_cliente_id, array[p_id], v_agora);
    return to_jsonb(true);
end
$$;
comment on function worker.interno_executar_um(uuid, uuid) is
'Faz um trabalho interno, se ainda está vencido e ninguém mais o faz.
Erros: os do trabalho; nesse caso interno_falhar conta a tentativa dele.
Efeitos: os do trabalho; fila.
Desde: 0.1.0';
