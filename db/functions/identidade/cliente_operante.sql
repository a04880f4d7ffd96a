/* pgmigrate-encoding: utf-8 */
create or replace function interno.cliente_operante(p_cliente_id uuid) returns boolean
language sql stable security invoker set search_path = ''
as $$
    select exists (
        select from public.clientes as c
        join public.licencas as l on l.cliente_id = p_cliente_id
        where c.id = p_cliente_id and c.ativo and l.ativo and (l.expira_em is null or l.expira_em > now())
    );
$$;
comment on function interno.cliente_operante(uuid) is
'O cliente está ativo e tem licença válida.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
