/* pgmigrate-encoding: utf-8 */
create or replace function interno.fusao_mensagens(p_cliente_id uuid, p_fusao_id uuid, p_de uuid, p_para uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_ordem bigint;
begin
    select v.ordem_ultima into v_ordem from public.conversas as v where v.cliente_id = p_cliente_id and v.id = p_para;
    -- those of each keep their order, and what waited in the one that stays goes first
    with levas as materialized (
        select m.id, m.ordem, case when m.ordem is not null then v_ordem + row_number() over (partition by m.ordem is null order by m.ordem) end as nova
        from public.mensagens as m
        where m.cliente_id = p_cliente_id and m.conversa_id = p_de
    ), movidas as (
        update public.mensagens as m set conversa_id = p_para, ordem = l.nova
        from levas as l
        where m.cliente_id = p_cliente_id and m.id = l.id
        returning m.id, l.ordem, m.ordem as nova
    )
    insert into public.contatos_fusoes_itens (cliente_id, fusao_id, tabela, alvo_id, antes, depois)
    select p_cliente_id, p_fusao_id, 'mensagens', m.id,
        jsonb_build_object('conversa_id', p_de, 'ordem', m.ordem), jsonb_build_object('conversa_id', p_para, 'ordem', m.nova)
    from movidas as m
    order by m.id;
    update public.fila as f set chave_ordem = p_para, ordem = m.ordem
    from public.mensagens as m
    where f.cliente_id = p_cliente_id and f.chave_ordem = p_de and m.cliente_id = p_cliente_id and m.id = f.alvo_id;
    update public.conversas as v set ordem_ultima = coalesce((
        select max(m.ordem) from public.mensagens as m
        where m.cliente_id = p_cliente_id and m.conversa_id = p_para and m.ordem > v.ordem_ultima
    ), v.ordem_ultima)
    where v.cliente_id = p_cliente_id and v.id = p_para;
end
$$;
comment on function interno.fusao_mensagens(uuid, uuid, uuid, uuid) is
'Leva as mensagens de uma conversa a outra, as de saída depois das que ela já tem na ordem de envio, e com elas o que espera na fila.
Erros: nenhum.
Efeitos: mensagens, fila, conversas, contatos_fusoes_itens.
Desde: 0.3.0';
