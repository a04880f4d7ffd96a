/* pgmigrate-encoding: utf-8 */
create or replace function interno.contatos_lote_marcar(
    p_cliente_id uuid, p_lote jsonb, p_etiqueta_ids uuid[], p_consentimento_prova text
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform interno.etiquetas_garantir(p_cliente_id, array(
        select distinct e.nome
        from jsonb_to_recordset(p_lote) as g (resultado text, etiquetas text[])
        cross join lateral unnest(g.etiquetas) as e (nome)
        where g.resultado in ('CRIADO', 'ATUALIZADO')
    ));
    insert into public.contatos_etiquetas (cliente_id, contato_id, etiqueta_id)
    select p_cliente_id, g.contato_id, e.id
    from jsonb_to_recordset(p_lote) as g (resultado text, contato_id uuid, etiquetas text[])
    cross join lateral (
        select t.id from public.etiquetas as t where t.cliente_id = p_cliente_id and t.nome = any (g.etiquetas)
        union
        select i.id from unnest(p_etiqueta_ids) as i (id)
    ) as e
    where g.resultado in ('CRIADO', 'ATUALIZADO')
    on conflict do nothing;
    if p_consentimento_prova is not null then
        -- all at once: one by one, as the consents' trigger would, takes longer than all the rest of the batch
        with travados as (
            select c.id
            from public.contatos as c
            where c.cliente_id = p_cliente_id and c.marketing = 'NAO_INFORMADO' and c.id in (
                select g.contato_id from jsonb_to_recordset(p_lote) as g (resultado text, contato_id uuid)
                where g.resultado in ('CRIADO', 'ATUALIZADO')
            )
            order by c.id
            for no key update
        )
        update public.contatos as c set marketing = 'CONCEDIDO'
        from travados as t
        where c.cliente_id = p_cliente_id and c.id = t.id;
        -- a list somebody uploads does not undo what the person themselves refused
        insert into public.consentimentos (cliente_id, contato_id, finalidade, acao, origem, prova, registrado_por)
        select p_cliente_id, c.id, 'MARKETING', 'CONCEDIDO', 'IMPORTACAO', p_consentimento_prova, interno.usuario_corrente()
        from jsonb_to_recordset(p_lote) as g (resultado text, contato_id uuid)
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = g.contato_id
        where g.resultado in ('CRIADO', 'ATUALIZADO') and c.marketing <> 'REVOGADO';
    end if;
end
$$;
comment on function interno.contatos_lote_marcar(uuid, jsonb, uuid[], text) is
'Etiquetas e consentimento dos contatos que um lote criou ou atualizou; quem recusou marketing continua assim.
Erros: ZNE01 etiqueta não encontrada; 23514 prova fora da regra.
Efeitos: etiquetas, contatos_etiquetas, consentimentos, contatos.marketing.
Desde: 0.1.0';
