/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_campanhas_retornos__somar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    insert into public.campanhas_totais as t (cliente_id, campanha_id, chave, total)
    values (new.cliente_id, new.campanha_id, new.tipo, 1)
    on conflict (cliente_id, campanha_id, chave) do update set total = t.total + 1;
    return null;
end
$$;
comment on function interno.tg_campanhas_retornos__somar() is
'Conta quem respondeu a uma campanha, ou saiu depois dela, ao fim da transação que o soube.
Erros: nenhum.
Efeitos: campanhas_totais.
Desde: 0.3.0';
