/* pgmigrate-encoding: utf-8 */
create or replace function interno.contatos_ordenar(p_cliente_id uuid, p_um uuid, p_outro uuid) returns uuid[]
language sql stable security invoker set search_path = ''
as $$
    select array_agg(c.id order by c.telefone is null, c.criado_em, c.id)
    from public.contatos as c
    where c.cliente_id = p_cliente_id and c.id in (p_um, p_outro) and c.removido_em is null;
$$;
comment on function interno.contatos_ordenar(uuid, uuid, uuid) is
'De dois contatos, primeiro o que fica numa fusão: o que tem telefone, depois o mais antigo. Não depende de qual chegou primeiro à conta.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
