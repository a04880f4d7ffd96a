/* pgmigrate-encoding: utf-8 */
create or replace function interno.uaizap_pessoas(p_cliente_id uuid, p_itens jsonb, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_fora uuid[] := array(
        select (i.value ->> 'contatoId')::uuid from jsonb_array_elements(p_itens) as i where (i.value ->> 'fora')::boolean
    );
begin
    insert into public.contatos_identidades as k (cliente_id, contato_id, tipo, valor, conferido_em)
    select distinct on (t.tipo, i.jid) p_cliente_id, i."contatoId", t.tipo, i.jid, p_agora
    from jsonb_to_recordset(p_itens) as i ("contatoId" uuid, jid text)
    cross join lateral (select case when i.jid like '%@lid' then 'LID' else 'JID' end as tipo) as t
    where i.jid is not null
    order by t.tipo, i.jid, i."contatoId"
    on conflict (cliente_id, tipo, valor) do update set conferido_em = excluded.conferido_em
    where k.contato_id = excluded.contato_id;
    update public.contatos as c set sem_whatsapp_em = p_agora
    where c.cliente_id = p_cliente_id and c.id = any (v_fora);
end
$$;
comment on function interno.uaizap_pessoas(uuid, jsonb, timestamptz) is
'Guarda como o servidor UaiZap chama cada pessoa ([{contatoId, jid}]) e quem não está no WhatsApp em nenhuma forma do número ([{contatoId, fora}]).
Erros: nenhum.
Efeitos: contatos_identidades, contatos.
Desde: 0.2.0';
