/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_mensagens__reindexar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_termos tsvector := interno.mensagem_termos(new.tipo, new.corpo, new.apagado_em);
begin
    if v_termos is null then
        delete from public.mensagens_busca as b where b.cliente_id = new.cliente_id and b.mensagem_id = new.id;
        return null;
    end if;
    insert into public.mensagens_busca (cliente_id, mensagem_id, termos) values (new.cliente_id, new.id, v_termos)
    on conflict (cliente_id, mensagem_id) do update set termos = excluded.termos;
    return null;
end
$$;
comment on function interno.tg_mensagens__reindexar() is
'Mantém as palavras de uma mensagem editada; as de uma apagada saem da busca.
Erros: nenhum.
Efeitos: mensagens_busca.
Desde: 0.3.0';
