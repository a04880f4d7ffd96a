/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_conversas__fundida() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    raise exception using errcode = 'ZCV09', message = 'esta conversa foi juntada a outra do mesmo contato';
end
$$;
comment on function interno.tg_conversas__fundida() is
'Recusa reabrir uma conversa que foi juntada a outra: ela continua na outra.
Erros: ZCV09.
Efeitos: nenhum.
Desde: 0.3.0';
