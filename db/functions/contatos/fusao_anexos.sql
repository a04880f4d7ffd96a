/* pgmigrate-encoding: utf-8 */
create or replace function interno.fusao_anexos(p_cliente_id uuid, p_fusao_id uuid, p_de uuid, p_para uuid) returns void
language sql volatile security invoker set search_path = ''
as $$
    with chamados as (
        update public.mencoes as m set conversa_id = p_para
        where m.cliente_id = p_cliente_id and m.conversa_id = p_de
    ), notas as (
        update public.notas as n set conversa_id = p_para
        where n.cliente_id = p_cliente_id and n.conversa_id = p_de
        returning n.id
    ), historico as (
        update public.conversas_historico as h set conversa_id = p_para
        where h.cliente_id = p_cliente_id and h.conversa_id = p_de
        returning h.id
    ), rascunhos as (
        -- one per person and conversation: who had one in each keeps both where they are
        update public.rascunhos as r set conversa_id = p_para
        where r.cliente_id = p_cliente_id and r.conversa_id = p_de and not exists (
            select from public.rascunhos as o
            where o.cliente_id = p_cliente_id and o.usuario_id = r.usuario_id and o.conversa_id = p_para
        )
        returning r.usuario_id
    ), etiquetas as (
        insert into public.conversas_etiquetas (cliente_id, conversa_id, etiqueta_id)
        select p_cliente_id, p_para, e.etiqueta_id
        from public.conversas_etiquetas as e
        where e.cliente_id = p_cliente_id and e.conversa_id = p_de
        on conflict do nothing
        returning etiqueta_id
    )
    insert into public.contatos_fusoes_itens (cliente_id, fusao_id, tabela, alvo_id, antes, depois)
    select p_cliente_id, p_fusao_id, x.tabela, x.id, jsonb_build_object('conversa_id', p_de), jsonb_build_object('conversa_id', p_para)
    from (
        select 'notas' as tabela, n.id from notas as n
        union all
        select 'conversas_historico', h.id from historico as h
        union all
        select 'rascunhos', r.usuario_id from rascunhos as r
        union all
        select 'conversas_etiquetas', e.etiqueta_id from etiquetas as e
    ) as x;
$$;
comment on function interno.fusao_anexos(uuid, uuid, uuid, uuid) is
'Leva notas, menções, histórico, rascunhos e etiquetas de uma conversa a outra.
Erros: nenhum.
Efeitos: notas, mencoes, conversas_historico, rascunhos, conversas_etiquetas, contatos_fusoes_itens.
Desde: 0.3.0';
