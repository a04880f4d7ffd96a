/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_campanhas__avisar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform interno.avisar(new.cliente_id, 'campanha_mudou', new.id);
    return null;
end
$$;
comment on function interno.tg_campanhas__avisar() is
'Avisa quem acompanha que a campanha mudou de estado.
Erros: nenhum.
Efeitos: eventos.
Desde: 0.1.0';
