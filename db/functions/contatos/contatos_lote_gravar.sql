/* pgmigrate-encoding: utf-8 */
create or replace function interno.contatos_lote_gravar(
    p_cliente_id uuid, p_linhas jsonb, p_modo text, p_livres bigint, p_etiquetas_livres bigint
) returns table (linha integer, resultado text, contato_id uuid, motivo text, etiquetas text[])
language sql volatile security invoker set search_path = ''
as $$
    with brutas as materialized (
        select l.* from interno.contatos_linhas_ler(p_linhas) as l
    ),
    -- names of new tags that would be more than a tenant may have
    fechadas as materialized (
        select n.nome
        from (
            select e.nome, row_number() over (order by e.nome) as ordem
            from (select distinct t.nome from brutas as b cross join lateral unnest(b.etiquetas) as t (nome) where b.motivo is null) as e
            where not exists (select from public.etiquetas as g where g.cliente_id = p_cliente_id and g.nome = e.nome)
        ) as n
        where n.ordem > p_etiquetas_livres
    ),
    lidas as materialized (
        select b.linha, b.nome, b.telefone, b.telefone_informado, b.email, b.etiquetas, b.campos,
            coalesce(b.motivo, case
                when exists (select from unnest(b.etiquetas) as t (nome) join fechadas as f on f.nome = t.nome) then 'LIMITE_DE_ETIQUETAS'
            end) as motivo
        from brutas as b
    ),
    existentes as materialized (
        select l.linha, l.nome, l.telefone_informado, l.email, c.id, c.campos || l.campos as campos,
            interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id) as visivel,
            pg_column_size(c.campos || l.campos) < 8192 as cabe
        from lidas as l
        -- limit: without statistics of a new tenant the planner would compare every row with every contact
        cross join lateral (
            select x.id, x.campos, x.responsavel_id, x.equipe_id
            from public.contatos as x
            where x.cliente_id = p_cliente_id and x.telefone = l.telefone and x.removido_em is null
            limit 1
        ) as c
        where l.motivo is null
    ),
    novas as materialized (
        select l.*, row_number() over (order by l.linha) as ordem
        from lidas as l
        where l.motivo is null and not exists (select from existentes as e where e.linha = l.linha)
    ),
    -- by phone, so that two imports of the same people wait for each other instead of deadlocking
    criadas as (
        insert into public.contatos as c (cliente_id, nome, telefone, telefone_informado, email, campos, origem)
        select p_cliente_id, coalesce(n.nome, n.telefone), n.telefone, n.telefone_informado, n.email, n.campos, 'IMPORTACAO'
        from novas as n
        where n.ordem <= p_livres
        order by n.telefone
        on conflict (cliente_id, telefone) where removido_em is null do nothing
        returning c.id, c.telefone
    ),
    mudadas as (
        update public.contatos as c set
            nome = coalesce(e.nome, c.nome), email = coalesce(e.email, c.email), campos = e.campos,
            telefone_informado = coalesce(e.telefone_informado, c.telefone_informado)
        from existentes as e
        where p_modo = 'ATUALIZAR' and e.visivel and e.cabe and c.cliente_id = p_cliente_id and c.id = e.id
            -- a row that says what is known already writes nothing
            and (coalesce(e.nome, c.nome), coalesce(e.email, c.email), e.campos) is distinct from (c.nome, c.email, c.campos)
    )
    select l.linha,
        case
            when k.id is not null then 'CRIADO'
            when p_modo = 'ATUALIZAR' and e.visivel and e.cabe then 'ATUALIZADO'
            when l.motivo is not null or n.ordem > p_livres or (p_modo = 'ATUALIZAR' and not e.cabe) then 'REJEITADO'
            else 'IGNORADO'
        end,
        -- an existing contact that the person may not see is only said to exist
        coalesce(k.id, case when e.visivel then e.id end),
        case
            when k.id is not null or (p_modo = 'ATUALIZAR' and e.visivel and e.cabe) then null
            when l.motivo is not null then l.motivo
            when n.ordem > p_livres then 'LIMITE_DO_PLANO'
            when p_modo = 'ATUALIZAR' and not e.cabe then 'CAMPOS_GRANDES'
            else 'JA_EXISTE'
        end,
        l.etiquetas
    from lidas as l
    left join existentes as e on e.linha = l.linha
    left join novas as n on n.linha = l.linha
    left join criadas as k on k.telefone = n.telefone;
$$;
comment on function interno.contatos_lote_gravar(uuid, jsonb, text, bigint, bigint) is
'Cria ou atualiza os contatos de um lote num só comando e diz o que houve com cada linha.
Erros: 22* quando não é uma lista de objetos.
Efeitos: contatos.
Desde: 0.1.0';
