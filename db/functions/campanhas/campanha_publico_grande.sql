/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_publico_grande(p_cliente_id uuid, p_id uuid) returns boolean
language plpgsql stable security invoker set search_path = ''
as $$
declare
    c_direto constant integer := 20000;
begin
    return (select count(*) > c_direto from (select from interno.campanha_contatos(p_cliente_id, p_id) limit c_direto + 1) as x);
end
$$;
comment on function interno.campanha_publico_grande(uuid, uuid) is
'Se o público passa do que se congela dentro de um pedido HTTP.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
