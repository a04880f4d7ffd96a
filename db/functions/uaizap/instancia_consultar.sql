/* pgmigrate-encoding: utf-8 */
create or replace function interno.instancia_consultar(p_cliente_id uuid, p_conexao_id uuid, p_agora timestamptz) returns void
language sql volatile security invoker set search_path = ''
as $$
    -- one that is being done now may have asked before what happened since: a new fence makes it be done again
    insert into public.fila as f (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id)
    values (p_cliente_id, 'conexao_consultar', p_conexao_id, 3, p_agora, p_conexao_id)
    on conflict on constraint fila_cliente_id_tipo_alvo_id_key do update
    set executar_em = excluded.executar_em, reservado_por = null, reservado_ate = null, cerca = f.cerca + 1, tentativas = 0;
$$;
comment on function interno.instancia_consultar(uuid, uuid, timestamptz) is
'Pede ao worker que pergunte já o estado do aparelho ao servidor UaiZap.
Erros: nenhum.
Efeitos: fila.
Desde: 0.2.0';
