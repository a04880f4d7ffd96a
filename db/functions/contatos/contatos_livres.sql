/* pgmigrate-encoding: utf-8 */
create or replace function interno.contatos_livres(p_cliente_id uuid) returns bigint
language sql volatile security invoker set search_path = ''
as $$
    select p.max_contatos - coalesce(
        (select t.total from public.contatos_totais as t where t.cliente_id = p_cliente_id), 0
    )
    from public.clientes as c
    join public.planos as p on p.id = c.plano_id
    where c.id = p_cliente_id;
$$;
comment on function interno.contatos_livres(uuid) is
'Quantos contatos o plano ainda permite; negativo = passou.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
