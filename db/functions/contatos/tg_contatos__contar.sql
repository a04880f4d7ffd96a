/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_contatos__contar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    insert into public.contatos_totais as t (cliente_id, total)
    select n.cliente_id, count(*) from novos as n where n.removido_em is null group by n.cliente_id
    on conflict (cliente_id) do update set total = t.total + excluded.total;
    return null;
end
$$;
comment on function interno.tg_contatos__contar() is
'Soma ao total do cliente os contatos que o comando criou.
Erros: nenhum.
Efeitos: contatos_totais.
Desde: 0.1.0';
