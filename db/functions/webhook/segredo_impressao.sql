/* pgmigrate-encoding: utf-8 */
create or replace function interno.segredo_impressao(p_conexoes uuid[]) returns bytea
language sql stable security invoker set search_path = ''
as $$
    select c.segredo_impressao
    from public.conexoes as c
    where c.cliente_id is not null and c.id = any (p_conexoes) and c.segredo_impressao is not null
    order by c.id
    limit 1;
$$;
comment on function interno.segredo_impressao(uuid[]) is
'A impressão do segredo que as conexões dadas têm em comum: o que assinou um corpo.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
