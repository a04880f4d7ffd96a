/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagens_midias(p_cliente_id uuid, p_itens jsonb) returns uuid[]
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_alvos uuid[] := array(select (i.value ->> 'alvo_id')::uuid from jsonb_array_elements(p_itens) as i);
begin
    return array(
        select (x.id)::uuid
        from public.mensagens as m
        cross join lateral (values (m.conteudo ->> 'midiaId'), (m.conteudo #>> '{cabecalho,midiaId}')) as x (id)
        where m.cliente_id = p_cliente_id and m.id = any (v_alvos) and x.id is not null
    );
end
$$;
comment on function interno.mensagens_midias(uuid, jsonb) is
'As mídias que as mensagens de um lote classificado citam.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
