/* pgmigrate-encoding: utf-8 */
create or replace function interno.etiquetas_livres(p_cliente_id uuid) returns bigint
language sql volatile security invoker set search_path = ''
as $$
    -- more than this is a column of a spreadsheet, not a set of tags
    select 1000 - count(*) from public.etiquetas as e where e.cliente_id = p_cliente_id;
$$;
comment on function interno.etiquetas_livres(uuid) is
'Quantas etiquetas um cliente ainda pode criar.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
