/* pgmigrate-encoding: utf-8 */
create or replace function interno.apelidos_aprender(p_cliente_id uuid, p_itens jsonb) returns void
language sql volatile security invoker set search_path = ''
as $$
    insert into public.contatos_identidades (cliente_id, contato_id, tipo, valor)
    select p_cliente_id, (i.alvo ->> 'contato_id')::uuid,
        case when i.apelido like '%@lid' then 'LID' when i.apelido like '%@%' then 'JID' else 'WA_ID' end, i.apelido
    from jsonb_to_recordset(p_itens) as i (alvo jsonb, apelido text)
    where i.apelido is not null
    order by i.apelido
    on conflict (cliente_id, tipo, valor) do nothing;
$$;
comment on function interno.apelidos_aprender(uuid, jsonb) is
'Guarda como o provedor chama a pessoa que recebeu, quando não é pelo telefone canônico.
Erros: nenhum.
Efeitos: contatos_identidades.
Desde: 0.2.0';
