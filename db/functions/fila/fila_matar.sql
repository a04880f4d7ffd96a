/* pgmigrate-encoding: utf-8 */
create or replace function interno.fila_matar(p_cliente_id uuid, p_ids uuid[], p_erro text) returns void
language sql volatile security invoker set search_path = ''
as $$
    with mortos as (
        delete from public.fila as f
        where f.cliente_id = p_cliente_id and f.id = any (p_ids)
        returning f.id, f.tipo, f.conexao_id, f.prioridade, f.alvo_id, f.tentativas, f.max_tentativas, f.cerca
    ), baixas as (
        update public.midias as m
        set status = 'FALHOU', motivo = 'DESISTIU', erro_texto = interno.midia_motivo('DESISTIU'), atualizado_em = now()
        from mortos as x
        where m.cliente_id = p_cliente_id and m.id = x.alvo_id and x.tipo = 'midia_baixar' and m.status = 'PENDENTE'
    ), subidas as (
        update public.midias_provedor as v
        set status = 'FALHOU', motivo = 'DESISTIU', erro_texto = interno.midia_motivo('DESISTIU'), atualizado_em = now()
        from mortos as x
        where v.cliente_id = p_cliente_id and v.id = x.alvo_id and x.tipo = 'midia_subir' and v.status = 'PENDENTE'
    )
    insert into public.fila_morta (cliente_id, id, tipo, conexao_id, prioridade, alvo_id, tentativas, max_tentativas, cerca, erro_texto)
    select p_cliente_id, m.id, m.tipo, m.conexao_id, m.prioridade, m.alvo_id, m.tentativas, m.max_tentativas, m.cerca, left(p_erro, 500)
    from mortos as m;
$$;
comment on function interno.fila_matar(uuid, uuid[], text) is
'Tira trabalhos da fila e os guarda em fila_morta, à vista, com o erro; a mídia que um deles traria ou levaria fica FALHOU.
Erros: nenhum.
Efeitos: fila, fila_morta, midias, midias_provedor.
Desde: 0.2.0';
