/* pgmigrate-encoding: utf-8 */
create or replace function worker.interno_executar_estes(p_cliente_id uuid, p_ids uuid[]) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_ids uuid[];
begin
    perform interno.contexto_trabalho(p_cliente_id);
    v_ids := array(
        select f.id from public.fila as f
        where f.cliente_id = p_cliente_id and f.id = any (p_ids)
            and f.execucao = 'BANCO' and f.reservado_ate is null and f.executar_em <= v_agora
        order by f.executar_em, f.id
        for update skip locked
    );
    if cardinality(v_ids) > 0 then
        perform interno.trabalhos_executar(p_cliente_id, v_ids, v_agora);
    end if;
    return to_jsonb(cardinality(v_ids));
end
$$;
comment on function worker.interno_executar_estes(uuid, uuid[]) is
'Faz, numa transação, os trabalhos internos dados que ainda estão vencidos e que ninguém mais faz: é como um lote que falhou se parte ao meio até achar o culpado. Devolve quantos fez.
Erros: os do trabalho; de um só, interno_falhar conta a tentativa dele.
Efeitos: os do trabalho; fila.
Desde: 0.3.0';
