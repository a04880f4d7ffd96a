/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_usuarios__soltar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform interno.donos_soltar(new.cliente_id, new.id, null);
    return null;
end
$$;
comment on function interno.tg_usuarios__soltar() is
'Quem foi desativado ou se diz ausente não segura conversa nenhuma.
Erros: nenhum.
Efeitos: conversas.
Desde: 0.3.0';
