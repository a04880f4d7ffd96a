/* pgmigrate-encoding: utf-8 */
create or replace function interno.distribuicao_pedir(p_cliente_id uuid, p_tipo text, p_alvo_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
begin
    -- an update, and not nothing: what is asked now is done after this commits, even if it was asked before
    insert into public.fila (cliente_id, tipo, prioridade, executar_em, alvo_id)
    values (p_cliente_id, p_tipo, 3, v_agora, p_alvo_id)
    on conflict (cliente_id, tipo, alvo_id) do update set executar_em = excluded.executar_em;
end
$$;
comment on function interno.distribuicao_pedir(uuid, text, uuid) is
'Pede que se distribua por causa de uma conversa (conversa_distribuir) ou de uma pessoa (atendente_distribuir).
Erros: nenhum.
Efeitos: fila.
Desde: 0.3.0';
