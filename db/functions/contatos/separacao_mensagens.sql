/* pgmigrate-encoding: utf-8 */
create or replace function interno.separacao_mensagens(p_cliente_id uuid, p_fusao_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_conversa record;
begin
    for r_conversa in
        select i.alvo_id as id, (i.depois ->> 'fundida_em_id')::uuid as em_id, v.ordem_ultima
        from public.contatos_fusoes_itens as i
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = i.alvo_id
        where i.cliente_id = p_cliente_id and i.fusao_id = p_fusao_id and i.tabela = 'conversas_fundidas'
        order by i.alvo_id
    loop
        with levas as materialized (
            select m.id, case
                when m.ordem is not distinct from (i.depois ->> 'ordem')::bigint then (i.antes ->> 'ordem')::bigint
                -- sent again since: last in its own conversation, too
                else r_conversa.ordem_ultima + m.ordem
            end as ordem
            from public.contatos_fusoes_itens as i
            join public.mensagens as m on m.cliente_id = p_cliente_id and m.id = i.alvo_id and m.conversa_id = r_conversa.em_id
            where i.cliente_id = p_cliente_id and i.fusao_id = p_fusao_id and i.tabela = 'mensagens'
                and i.antes ->> 'conversa_id' = r_conversa.id::text
        )
        update public.mensagens as m set conversa_id = r_conversa.id, ordem = l.ordem
        from levas as l
        where m.cliente_id = p_cliente_id and m.id = l.id;
        update public.fila as f set chave_ordem = r_conversa.id, ordem = m.ordem
        from public.mensagens as m
        where f.cliente_id = p_cliente_id and f.chave_ordem = r_conversa.em_id
            and m.cliente_id = p_cliente_id and m.id = f.alvo_id and m.conversa_id = r_conversa.id;
    end loop;
end
$$;
comment on function interno.separacao_mensagens(uuid, uuid) is
'Devolve às conversas as mensagens que a fusão levou, e à fila a ordem delas.
Erros: nenhum.
Efeitos: mensagens, fila.
Desde: 0.3.0';
