/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhook_guardar(p_cliente_id uuid, p_conexao_id uuid, p_corpo bytea, p_campos jsonb) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_id uuid := uuidv7();
begin
    perform interno.contexto_trabalho(p_cliente_id);
    insert into public.webhooks_recebidos (cliente_id, id, conexao_id, corpo, campos)
    values (p_cliente_id, v_id, p_conexao_id, p_corpo, array(
        select left(c.valor, 100) from jsonb_array_elements_text(p_campos) as c (valor) where c.valor is not null group by 1 order by 1 limit 50
    ));
    insert into public.fila (cliente_id, tipo, prioridade, executar_em, alvo_id)
    values (p_cliente_id, 'webhook_processar', 3, now(), v_id);
end
$$;
comment on function interno.webhook_guardar(uuid, uuid, bytea, jsonb) is
'Guarda a parte de um webhook que é de uma conexão e enfileira seu processamento; p_campos: de que ele trata.
Erros: nenhum.
Efeitos: webhooks_recebidos, fila.
Desde: 0.1.0';
