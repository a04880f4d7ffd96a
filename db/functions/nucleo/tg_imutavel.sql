/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_imutavel() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    raise exception using errcode = 'ZRG02', message = format('%s só cresce: linha não pode mudar nem sair', tg_table_name);
end
$$;
comment on function interno.tg_imutavel() is
'Recusa mudar ou apagar linhas de um livro que só cresce.
Erros: ZRG02.
Efeitos: nenhum.
Desde: 0.1.0';
