/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_contatos__descontar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    update public.contatos_totais as t set total = t.total + case
        when old.removido_em is null and new.removido_em is not null then -1
        when old.removido_em is not null and new.removido_em is null then 1
        else 0
    end
    where t.cliente_id = new.cliente_id;
    return null;
end
$$;
comment on function interno.tg_contatos__descontar() is
'Tira do total do cliente o contato removido.
Erros: nenhum.
Efeitos: contatos_totais.
Desde: 0.1.0';
