/* pgmigrate-encoding: utf-8 */
create or replace function interno.separacao_anexos(p_cliente_id uuid, p_fusao_id uuid) returns void
language sql volatile security invoker set search_path = ''
as $$
    with itens as materialized (
        select i.tabela, i.alvo_id, (i.antes ->> 'conversa_id')::uuid as de_id, (i.depois ->> 'conversa_id')::uuid as para_id
        from public.contatos_fusoes_itens as i
        where i.cliente_id = p_cliente_id and i.fusao_id = p_fusao_id
            and i.tabela in ('notas', 'conversas_historico', 'rascunhos', 'conversas_etiquetas')
    ), chamados as (
        update public.mencoes as m set conversa_id = i.de_id
        from itens as i
        where i.tabela = 'notas' and m.cliente_id = p_cliente_id and m.nota_id = i.alvo_id
    ), notas as (
        update public.notas as n set conversa_id = i.de_id
        from itens as i
        where i.tabela = 'notas' and n.cliente_id = p_cliente_id and n.id = i.alvo_id
    ), historico as (
        update public.conversas_historico as h set conversa_id = i.de_id
        from itens as i
        where i.tabela = 'conversas_historico' and h.cliente_id = p_cliente_id and h.id = i.alvo_id
    ), rascunhos as (
        update public.rascunhos as r set conversa_id = i.de_id
        from itens as i
        where i.tabela = 'rascunhos' and r.cliente_id = p_cliente_id and r.usuario_id = i.alvo_id and r.conversa_id = i.para_id
    )
    delete from public.conversas_etiquetas as e
    using itens as i
    where i.tabela = 'conversas_etiquetas' and e.cliente_id = p_cliente_id and e.etiqueta_id = i.alvo_id and e.conversa_id = i.para_id;
$$;
comment on function interno.separacao_anexos(uuid, uuid) is
'Devolve às conversas as notas, menções, histórico, rascunhos e etiquetas que a fusão levou.
Erros: nenhum.
Efeitos: notas, mencoes, conversas_historico, rascunhos, conversas_etiquetas.
Desde: 0.3.0';
