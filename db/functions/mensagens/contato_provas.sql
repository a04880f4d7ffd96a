/* pgmigrate-encoding: utf-8 */
create or replace function interno.contato_provas(p_cliente_id uuid, p_id uuid) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select jsonb_build_object(
        'bsuids', coalesce(jsonb_agg(i.valor order by i.valor) filter (where i.tipo = 'BSUID'), '[]'),
        'lids', coalesce(jsonb_agg(i.valor order by i.valor) filter (where i.tipo = 'LID'), '[]'),
        'telefones', coalesce(jsonb_agg(distinct i.telefone) filter (where i.telefone is not null), '[]')
    )
    from (
        select k.tipo, k.valor, case when k.tipo in ('WA_ID', 'JID', 'E164') then interno.telefone_canonico(k.valor) end as telefone
        from public.contatos_identidades as k
        where k.cliente_id = p_cliente_id and k.contato_id = p_id
        union all
        select 'TELEFONE', c.telefone, c.telefone
        from public.contatos as c
        where c.cliente_id = p_cliente_id and c.id = p_id
    ) as i;
$$;
comment on function interno.contato_provas(uuid, uuid) is
'O que distingue uma pessoa de outra: BSUIDs, LIDs e telefones canônicos de um contato.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
