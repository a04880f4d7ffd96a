/* pgmigrate-encoding: utf-8 */
create or replace function interno.avisar(p_cliente_id uuid, p_tipo text, p_alvo_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if p_tipo = 'mensagem_mudou' then
        perform interno.eventos_emitir(p_cliente_id, p_tipo, 'CONVERSA_DE', array[p_alvo_id], array(
            select m.conversa_id from public.mensagens as m where m.cliente_id = p_cliente_id and m.id = p_alvo_id
        ));
    elsif p_tipo = 'conversa_mudou' then
        perform interno.eventos_emitir(p_cliente_id, p_tipo, 'CONVERSA_DE', array[p_alvo_id], array[p_alvo_id]);
    elsif p_tipo = 'contato_mudou' then
        perform interno.eventos_emitir(p_cliente_id, p_tipo, 'CONTATO_DE', array[p_alvo_id]);
    elsif p_tipo = 'agendada_mudou' then
        -- as interno.agendada_visivel: the author, and who sees the open conversation or, for want of one, the person
        insert into public.eventos (cliente_id, tipo, alvo_id, topicos)
        select p_cliente_id, p_tipo, a.id, array_append(
            case when v.id is null then interno.eventos_topicos('conversas', c.responsavel_id, c.equipe_id)
                else interno.eventos_topicos('conversas', v.usuario_id, v.equipe_id) end,
            'pessoa:' || a.criado_por
        )
        from public.mensagens_agendadas as a
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = a.contato_id
        left join public.conversas as v
            on v.cliente_id = p_cliente_id and v.conexao_id = a.conexao_id and v.contato_id = a.contato_id and v.status <> 'RESOLVIDA'
        where a.cliente_id = p_cliente_id and a.id = p_alvo_id;
    else
        perform interno.eventos_emitir(p_cliente_id, p_tipo, 'TODOS', array[p_alvo_id]);
    end if;
end
$$;
comment on function interno.avisar(uuid, text, uuid) is
'Deixa um evento do que nenhum gatilho conta (interno.eventos_seguir): o que está noutra tabela do que a que se vê mudar.
Erros: nenhum.
Efeitos: eventos.
Desde: 0.1.0';
