/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagens_midias(p_cliente_id uuid, p_itens jsonb) returns uuid[]
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_alvos uuid[] := array(select (i.value ->> 'alvo_id')::uuid from jsonb_array_elements(p_itens) as i);
begin
    return array(
        select unnest(interno.conteudo_midias(m.conteudo))
        from public.mensagens as m where m.cliente_id = p_cliente_id and m.id = any (v_alvos)
        union
        select unnest(interno.conteudo_midias(jsonb_build_object('parametros', l.parametros)))
        from public.campanhas_log as l where l.cliente_id = p_cliente_id and l.id = any (v_alvos)
    );
end
$$;
comment on function interno.mensagens_midias(uuid, jsonb) is
'As mídias que as mensagens e os envios de campanha de um lote classificado citam.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
