/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_repetidas(p_cliente_id uuid, p_itens jsonb) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_itens jsonb;
begin
    -- the same message under another name of the person: what it teaches is kept, though the message is not
    with itens as materialized (
        select i.value as item, (i.value ->> 'conexaoId')::uuid as conexao_id, i.value ->> 'idExterno' as id_externo,
            interno.telefone_canonico(i.value ->> 'telefone') as telefone
        from jsonb_array_elements(p_itens) as i (value)
        where jsonb_array_length(i.value -> 'identidades') > 0
    )
    select jsonb_agg(i.item || jsonb_build_object('telefone', i.telefone, 'contatoId', v.contato_id)) into v_itens
    from itens as i
    join public.mensagens as m on m.cliente_id = p_cliente_id and m.conexao_id = i.conexao_id and m.id_externo = i.id_externo
    join public.conversas as v on v.cliente_id = p_cliente_id and v.id = m.conversa_id
    join public.contatos as c on c.cliente_id = p_cliente_id and c.id = v.contato_id and c.removido_em is null
    where exists (
        select from jsonb_to_recordset(i.item -> 'identidades') as a (tipo text, valor text)
        where not exists (
            select from public.contatos_identidades as k
            where k.cliente_id = p_cliente_id and k.contato_id = v.contato_id and k.tipo = a.tipo and k.valor = a.valor
            offset 0
        )
    );
    if v_itens is not null then
        perform interno.entrada_contatos(p_cliente_id, v_itens);
    end if;
end
$$;
comment on function interno.entrada_repetidas(uuid, jsonb) is
'De mensagens já guardadas que chegam de novo com outro nome da pessoa, guarda o nome: é prova de que os dois são dela.
Erros: nenhum.
Efeitos: os de entrada_contatos.
Desde: 0.3.0';
