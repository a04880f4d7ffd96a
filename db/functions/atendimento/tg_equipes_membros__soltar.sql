/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_equipes_membros__soltar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform interno.donos_soltar(old.cliente_id, old.usuario_id, old.equipe_id);
    perform interno.ofertas_encerrar(old.cliente_id, array(
        select o.id from public.ofertas as o
        join public.conversas as v on v.cliente_id = old.cliente_id and v.id = o.conversa_id and v.equipe_id = old.equipe_id
        where o.cliente_id = old.cliente_id and o.usuario_id = old.usuario_id and o.fim is null
    ), 'ENCERRADA');
    return null;
end
$$;
comment on function interno.tg_equipes_membros__soltar() is
'Quem saiu de uma equipe não segura conversa nenhuma dela, e nenhuma dela lhe é oferecida.
Erros: nenhum.
Efeitos: conversas, ofertas, fila, eventos.
Desde: 0.3.0';
