/* pgmigrate-encoding: utf-8 */
create or replace function interno.fila_matar(p_cliente_id uuid, p_ids uuid[], p_erro text) returns void
language sql volatile security invoker set search_path = ''
as $$
    with mortos as (
        delete from public.fila as f
        where f.cliente_id = p_cliente_id and f.id = any (p_ids)
        returning f.id, f.tipo, f.conexao_id, f.prioridade, f.alvo_id, f.tentativas, f.max_tentativas, f.cerca
    )
    insert into public.fila_morta (cliente_id, id, tipo, conexao_id, prioridade, alvo_id, tentativas, max_tentativas, cerca, erro_texto)
    select p_cliente_id, m.id, m.tipo, m.conexao_id, m.prioridade, m.alvo_id, m.tentativas, m.max_tentativas, m.cerca, left(p_erro, 500)
    from mortos as m;
$$;
comment on function interno.fila_matar(uuid, uuid[], text) is
'Tira trabalhos da fila e os guarda em fila_morta, à vista, com o erro.
Erros: nenhum.
Efeitos: fila, fila_morta.
Desde: 0.2.0';
