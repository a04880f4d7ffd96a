/* pgmigrate-encoding: utf-8 */
create or replace function interno.contatos_ids_do_numero(p_cliente_id uuid, p_digitos text) returns setof uuid
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_numeros text[] := array['+' || p_digitos, '+55' || p_digitos];
    v_nomes text[] := v_numeros || array(
        select f.forma || s.sufixo
        from unnest(v_numeros) as n (n)
        cross join lateral unnest(interno.telefone_formas(n.n)) as f (forma)
        cross join (values (''), ('@s.whatsapp.net')) as s (sufixo)
    );
begin
    return query
    select c.id
    from public.contatos as c
    where c.cliente_id = p_cliente_id and c.removido_em is null and c.telefone = any (v_numeros)
    union
    select c.id
    from public.contatos_identidades as i
    join public.contatos as c on c.cliente_id = p_cliente_id and c.id = i.contato_id and c.removido_em is null
    where i.cliente_id = p_cliente_id and i.tipo in ('E164', 'WA_ID', 'JID') and i.valor = any (v_nomes);
end
$$;
comment on function interno.contatos_ids_do_numero(uuid, text) is
'Ids dos contatos de um número inteiro (só dígitos, com ou sem o 55), que é o seu telefone ou um nome que um provedor lhes dá. Chamada pela busca, como crm_busca.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
