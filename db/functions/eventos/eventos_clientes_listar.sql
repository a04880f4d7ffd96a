/* pgmigrate-encoding: utf-8 */
create or replace function worker.eventos_clientes_listar() returns jsonb
language sql stable security definer set search_path = ''
as $$
    select coalesce(jsonb_agg(t.cliente_id order by t.cliente_id), '[]') from public.eventos_totais as t;
$$;
comment on function worker.eventos_clientes_listar() is
'Os clientes que têm eventos guardados.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
