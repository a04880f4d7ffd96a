/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_mensagens__indexar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    insert into public.mensagens_busca (cliente_id, mensagem_id, termos)
    select x.cliente_id, x.id, x.termos
    from (
        select n.cliente_id, n.id, interno.mensagem_termos(n.tipo, n.corpo, n.apagado_em) as termos from novas as n
    ) as x
    where x.termos is not null;
    return null;
end
$$;
comment on function interno.tg_mensagens__indexar() is
'Guarda as palavras das mensagens novas, para a busca.
Erros: nenhum.
Efeitos: mensagens_busca.
Desde: 0.3.0';
