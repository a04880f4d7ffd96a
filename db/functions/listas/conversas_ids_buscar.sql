/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_ids_buscar(p_cliente_id uuid, p_busca text) returns uuid[]
language plpgsql stable security invoker set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
declare
    c_maximo constant integer := 500;
    v_pessoas uuid[] := array(select b.id from interno.contatos_ids_buscar(p_cliente_id, p_busca, c_maximo) as b (id));
    v_mensagens uuid[] := array(select b.id from interno.mensagens_ids_buscar(p_cliente_id, p_busca, c_maximo) as b (id));
begin
    return array(
        select v.id
        from unnest(v_pessoas) as p (id)
        join public.conversas as v on v.cliente_id = p_cliente_id and v.contato_id = p.id
        union
        select m.conversa_id
        from unnest(v_mensagens) as b (id)
        join public.mensagens as m on m.cliente_id = p_cliente_id and m.id = b.id
    );
end
$$;
comment on function interno.conversas_ids_buscar(uuid, text) is
'Conversas em que a pessoa (nome ou telefone) ou uma mensagem corresponde à busca: as dos 500 achados mais novos de cada tipo.
Erros: 22023 busca curta demais.
Efeitos: nenhum.
Desde: 0.3.0';
