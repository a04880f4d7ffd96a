/* pgmigrate-encoding: utf-8 */
create or replace function interno.protecao_obter(p_cliente_id uuid, p_campanha_id uuid) returns public.protecoes
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_protecao public.protecoes;
begin
    select p.* into v_protecao
    from public.protecoes as p
    where p.cliente_id = p_cliente_id and p.alvo_id = any (array[p_campanha_id, p_cliente_id])
    order by (p.alvo_id = p_campanha_id) desc
    limit 1;
    if not found then
        insert into public.protecoes (cliente_id, alvo_id) values (p_cliente_id, p_cliente_id)
        on conflict (cliente_id, alvo_id) do nothing;
        select p.* into v_protecao
        from public.protecoes as p where p.cliente_id = p_cliente_id and p.alvo_id = p_cliente_id;
    end if;
    return v_protecao;
end
$$;
comment on function interno.protecao_obter(uuid, uuid) is
'Os limites que fazem uma campanha parar sozinha: os dela, ou os do cliente (na primeira vez, os padrões das colunas).
Erros: nenhum.
Efeitos: protecoes, na primeira vez.
Desde: 0.2.0';
