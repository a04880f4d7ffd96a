/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_contatos(p_cliente_id uuid, p_itens jsonb) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_itens jsonb := interno.entrada_contatos_achar(p_cliente_id, p_itens);
begin
    if jsonb_path_exists(v_itens, '$[*] ? (!exists(@.contatoId))') or (
        jsonb_path_exists(v_itens, '$[*].outros') and exists (select from interno.entrada_provas(p_cliente_id, v_itens))
    ) then
        -- creations and merges of one tenant wait for each other anyway: here they do so before holding anything
        perform pg_advisory_xact_lock(hashtextextended('contatos:' || p_cliente_id, 0));
        v_itens := interno.entrada_contatos_achar(p_cliente_id, p_itens);
        if jsonb_path_exists(v_itens, '$[*] ? (!exists(@.contatoId))') then
            perform interno.entrada_contatos_criar(p_cliente_id, v_itens);
            v_itens := interno.entrada_contatos_achar(p_cliente_id, p_itens);
        end if;
        v_itens := interno.entrada_contatos_unir(p_cliente_id, v_itens);
    end if;
    -- what providers call a known person, learnt
    with nomes as materialized (
        select distinct on (a.value ->> 'tipo', a.value ->> 'valor')
            (i.value ->> 'contatoId')::uuid as contato_id, a.value ->> 'tipo' as tipo, a.value ->> 'valor' as valor
        from jsonb_array_elements(v_itens) with ordinality as i (value, n)
        cross join lateral jsonb_array_elements(i.value -> 'identidades') as a (value)
        order by a.value ->> 'tipo', a.value ->> 'valor', i.n
    )
    insert into public.contatos_identidades (cliente_id, contato_id, tipo, valor)
    select p_cliente_id, n.contato_id, n.tipo, n.valor
    from nomes as n
    where not exists (
        select from public.contatos_identidades as k
        where k.cliente_id = p_cliente_id and k.tipo = n.tipo and k.valor = n.valor
        offset 0
    )
    order by n.tipo, n.valor
    on conflict do nothing;
    -- a person known by a hidden id only, whose number shows
    with numeros as materialized (
        select distinct on (i.value ->> 'telefone') (i.value ->> 'contatoId')::uuid as contato_id, i.value ->> 'telefone' as telefone,
            -- a landline, or a mobile without its 9: as long as there is nobody to be taken for
            case when interno.telefone_ambiguo(i.value ->> 'telefone')
                then left(i.value ->> 'telefone', 5) || '9' || substr(i.value ->> 'telefone', 6) end as outra_forma
        from jsonb_array_elements(v_itens) as i (value)
        where i.value ->> 'telefone' is not null
        order by i.value ->> 'telefone', i.value ->> 'contatoId'
    ), livres as materialized (
        select distinct on (c.id) c.id, n.telefone
        from numeros as n
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = n.contato_id
        where c.telefone is null and c.removido_em is null and not exists (
            select from public.contatos as o
            where o.cliente_id = p_cliente_id and o.telefone = n.telefone and o.removido_em is null
            offset 0
        ) and not exists (
            select from public.contatos as o
            where o.cliente_id = p_cliente_id and o.telefone = n.outra_forma and o.removido_em is null
            offset 0
        )
        order by c.id, n.telefone
    )
    update public.contatos as c set telefone = l.telefone
    from livres as l
    where c.cliente_id = p_cliente_id and c.id = l.id;
    return v_itens;
end
$$;
comment on function interno.entrada_contatos(uuid, jsonb) is
'Dá contatoId a cada item recebido, criando quem falta, juntando quem se prova ser um só, e guarda os nomes novos pelos quais os provedores chamam cada pessoa.
Erros: nenhum.
Efeitos: contatos, contatos_identidades, ocorrencias, eventos; os de entrada_contatos_unir.
Desde: 0.2.0';
