/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_nomear(p_cliente_id uuid, p_itens jsonb) returns void
language sql volatile security invoker set search_path = ''
as $$
    with nomes as materialized (
        select distinct on (i.value ->> 'contatoId') (i.value ->> 'contatoId')::uuid as contato_id,
            left(btrim(regexp_replace(i.value ->> 'nome', '[[:cntrl:][:space:]]+', ' ', 'g')), 200) as nome
        from jsonb_array_elements(p_itens) as i (value)
        where i.value ->> 'nome' ~ '[^[:space:][:cntrl:]]'
        order by i.value ->> 'contatoId', (i.value ->> 'ocorridoEm')::timestamptz, i.value ->> 'idExterno'
    )
    update public.contatos as c set nome = n.nome
    from nomes as n
    where c.cliente_id = p_cliente_id and c.id = n.contato_id and c.origem = 'WHATSAPP'
        and (c.nome = c.telefone or c.nome = c.telefone_informado or c.nome = 'Contato sem nome') and c.nome <> n.nome;
$$;
comment on function interno.entrada_nomear(uuid, jsonb) is
'Dá nome a quem foi criado sem um, porque o primeiro evento que chegou (uma exclusão, uma troca de número) não o trazia.
Erros: nenhum.
Efeitos: contatos.
Desde: 0.3.0';
