/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_sessoes__desinscrever() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    delete from public.inscricoes as i where i.cliente_id = new.cliente_id and i.sessao_id = new.id;
    return null;
end
$$;
comment on function interno.tg_sessoes__desinscrever() is
'O navegador de uma sessão encerrada não recebe mais avisos.
Erros: nenhum.
Efeitos: inscricoes.
Desde: 0.3.0';
