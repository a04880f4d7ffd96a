/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_equipes__ofertas() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform interno.ofertas_encerrar(new.cliente_id, array(
        select o.id from public.ofertas as o
        join public.conversas as v on v.cliente_id = new.cliente_id and v.id = o.conversa_id and v.equipe_id = new.id
        where o.cliente_id = new.cliente_id and o.fim is null
    ), 'ENCERRADA');
    return null;
end
$$;
comment on function interno.tg_equipes__ofertas() is
'Uma equipe que não oferece mais (desativada, MANUAL ou que dá logo) não tem ofertas.
Erros: nenhum.
Efeitos: ofertas, fila, eventos.
Desde: 0.3.0';
