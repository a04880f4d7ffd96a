/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_equipes_membros__soltar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform interno.donos_soltar(old.cliente_id, old.usuario_id, old.equipe_id);
    return null;
end
$$;
comment on function interno.tg_equipes_membros__soltar() is
'Quem saiu de uma equipe não segura conversa nenhuma dela.
Erros: nenhum.
Efeitos: conversas.
Desde: 0.3.0';
