/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_usuarios__ofertas() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if new.ativo and new.disponibilidade = 'DISPONIVEL' and interno.usuario_pode(new.cliente_id, new.id, 'conversas:responder') then
        return null;
    end if;
    perform interno.ofertas_encerrar(new.cliente_id, array(
        select o.id from public.ofertas as o where o.cliente_id = new.cliente_id and o.usuario_id = new.id and o.fim is null
    ), 'ENCERRADA');
    return null;
end
$$;
comment on function interno.tg_usuarios__ofertas() is
'A quem foi desativado, não está disponível ou não responde mais conversas nada é oferecido.
Erros: nenhum.
Efeitos: ofertas, fila, eventos.
Desde: 0.3.0';
