/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_conexoes__status() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    new.status_em := clock_timestamp();
    return new;
end
$$;
comment on function interno.tg_conexoes__status() is
'Anota desde quando a conexão está no estado em que fica.
Erros: nenhum.
Efeitos: a própria linha.
Desde: 0.3.0';
