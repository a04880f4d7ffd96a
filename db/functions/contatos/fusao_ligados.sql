/* pgmigrate-encoding: utf-8 */
create or replace function interno.fusao_ligados(p_cliente_id uuid, p_fusao_id uuid, p_de uuid, p_para uuid) returns void
language sql volatile security invoker set search_path = ''
as $$
    with nomes as (
        update public.contatos_identidades as i set contato_id = p_para
        where i.cliente_id = p_cliente_id and i.contato_id = p_de
        returning i.id
    ), numero as (
        -- the number that the person leaves behind is still theirs
        insert into public.contatos_identidades (cliente_id, contato_id, tipo, valor)
        select p_cliente_id, p_para, 'E164', d.telefone
        from public.contatos as d
        join public.contatos as a on a.cliente_id = p_cliente_id and a.id = p_para
        where d.cliente_id = p_cliente_id and d.id = p_de and d.telefone <> a.telefone
        on conflict do nothing
        returning id
    ), etiquetas as (
        insert into public.contatos_etiquetas (cliente_id, contato_id, etiqueta_id)
        select p_cliente_id, p_para, e.etiqueta_id
        from public.contatos_etiquetas as e
        where e.cliente_id = p_cliente_id and e.contato_id = p_de
        on conflict do nothing
        returning etiqueta_id
    ), ritmos as (
        -- owed is owed: the number waits for the later of the two
        insert into public.pares as p (cliente_id, conexao_id, contato_id, rajada_em, quitado_em, recusas, livre_em)
        select p_cliente_id, d.conexao_id, p_para, d.rajada_em, d.quitado_em, d.recusas, d.livre_em
        from public.pares as d
        where d.cliente_id = p_cliente_id and d.contato_id = p_de
        order by d.conexao_id
        on conflict (cliente_id, conexao_id, contato_id) do update
        set rajada_em = greatest(p.rajada_em, excluded.rajada_em), quitado_em = greatest(p.quitado_em, excluded.quitado_em),
            recusas = greatest(p.recusas, excluded.recusas), livre_em = greatest(p.livre_em, excluded.livre_em)
        returning p.conexao_id, to_jsonb(old) as antes, to_jsonb(new) as depois
    )
    insert into public.contatos_fusoes_itens (cliente_id, fusao_id, tabela, alvo_id, antes, depois)
    select p_cliente_id, p_fusao_id, x.tabela, x.id, coalesce(x.antes, '{}'), x.depois
    from (
        select 'contatos_identidades' as tabela, n.id, '{}'::jsonb as antes, '{}'::jsonb as depois from nomes as n
        union all
        select 'identidades_novas', n.id, '{}', '{}' from numero as n
        union all
        select 'contatos_etiquetas', e.etiqueta_id, '{}', '{}' from etiquetas as e
        union all
        select 'pares', r.conexao_id, r.antes, r.depois from ritmos as r
    ) as x;
$$;
comment on function interno.fusao_ligados(uuid, uuid, uuid, uuid) is
'Leva a um contato os nomes que os provedores dão ao outro, o telefone que ele deixa, suas etiquetas e o ritmo com que se lhe pode escrever.
Erros: nenhum.
Efeitos: contatos_identidades, contatos_etiquetas, pares, contatos_fusoes_itens.
Desde: 0.3.0';
