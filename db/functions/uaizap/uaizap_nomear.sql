/* pgmigrate-encoding: utf-8 */
create or replace function interno.uaizap_nomear(p_cliente_id uuid, p_itens jsonb) returns void
language sql volatile security invoker set search_path = ''
as $$
    with nomes as materialized (
        select i.value #>> '{identidades,0,tipo}' as tipo, i.value #>> '{identidades,0,valor}' as valor, i.value ->> 'nome' as nome,
            (i.value ->> 'ocorridoEm')::timestamptz as ocorrido_em
        from jsonb_array_elements(p_itens) as i (value)
        where btrim(i.value ->> 'nome') <> '' and i.value ->> 'direcao' is null
    ), pessoas as (
        select distinct on (k.contato_id) k.contato_id, n.nome
        from nomes as n
        join public.contatos_identidades as k on k.cliente_id = p_cliente_id and k.tipo = n.tipo and k.valor = n.valor
        order by k.contato_id, n.ocorrido_em, n.nome
    )
    update public.contatos as c set nome = left(btrim(p.nome), 200)
    from pessoas as p
    where c.cliente_id = p_cliente_id and c.id = p.contato_id and c.origem = 'WHATSAPP' and c.nome = c.telefone;
$$;
comment on function interno.uaizap_nomear(uuid, jsonb) is
'Dá nome a quem foi criado só pelo número, porque o primeiro evento que chegou (uma exclusão, por exemplo) não o trazia.
Erros: nenhum.
Efeitos: contatos.
Desde: 0.2.0';
