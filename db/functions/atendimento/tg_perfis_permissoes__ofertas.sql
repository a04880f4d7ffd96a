/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_perfis_permissoes__ofertas() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform interno.ofertas_encerrar(old.cliente_id, array(
        select o.id from public.ofertas as o
        join public.usuarios as u on u.cliente_id = old.cliente_id and u.id = o.usuario_id and u.perfil_id = old.perfil_id
        where o.cliente_id = old.cliente_id and o.fim is null
    ), 'ENCERRADA');
    return null;
end
$$;
comment on function interno.tg_perfis_permissoes__ofertas() is
'Um perfil que não responde mais conversas não tem ofertas.
Erros: nenhum.
Efeitos: ofertas, fila, eventos.
Desde: 0.3.0';
