/* pgmigrate-encoding: utf-8 */
create or replace function interno.separacao_ligados(p_cliente_id uuid, p_fusao public.contatos_fusoes) returns void
language sql volatile security invoker set search_path = ''
as $$
    with itens as materialized (
        select i.tabela, i.alvo_id, i.antes, i.depois
        from public.contatos_fusoes_itens as i
        where i.cliente_id = p_cliente_id and i.fusao_id = p_fusao.id
            and i.tabela in ('contatos_identidades', 'identidades_novas', 'contatos_etiquetas', 'pares')
    ), nomes as (
        update public.contatos_identidades as n set contato_id = p_fusao.de_id
        from itens as i
        where i.tabela = 'contatos_identidades' and n.cliente_id = p_cliente_id and n.id = i.alvo_id and n.contato_id = p_fusao.para_id
    ), numero as (
        delete from public.contatos_identidades as n
        using itens as i
        where i.tabela = 'identidades_novas' and n.cliente_id = p_cliente_id and n.id = i.alvo_id
    ), etiquetas as (
        delete from public.contatos_etiquetas as e
        using itens as i
        where i.tabela = 'contatos_etiquetas' and e.cliente_id = p_cliente_id and e.contato_id = p_fusao.para_id
            and e.etiqueta_id = i.alvo_id
    ), esquecidos as (
        delete from public.pares as p
        using itens as i
        where i.tabela = 'pares' and i.antes = '{}' and p.cliente_id = p_cliente_id and p.conexao_id = i.alvo_id
            and p.contato_id = p_fusao.para_id and to_jsonb(p) = i.depois
    )
    -- what went out since is owed by the one that stays
    update public.pares as p
    set rajada_em = (i.antes ->> 'rajada_em')::timestamptz, quitado_em = (i.antes ->> 'quitado_em')::timestamptz,
        recusas = (i.antes ->> 'recusas')::smallint, livre_em = (i.antes ->> 'livre_em')::timestamptz
    from itens as i
    where i.tabela = 'pares' and i.antes <> '{}' and p.cliente_id = p_cliente_id and p.conexao_id = i.alvo_id
        and p.contato_id = p_fusao.para_id and to_jsonb(p) = i.depois;
$$;
comment on function interno.separacao_ligados(uuid, public.contatos_fusoes) is
'Devolve a cada contato os nomes que os provedores lhe dão, suas etiquetas e o ritmo com que se lhe pode escrever.
Erros: nenhum.
Efeitos: contatos_identidades, contatos_etiquetas, pares.
Desde: 0.3.0';
