/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_mensagens__recusar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_contatos uuid[];
begin
    -- what waited already, or comes back from an attempt, goes no further than the intent
    if tg_op = 'UPDATE' and new.status <> 'ENVIANDO' and old.status in ('PENDENTE', 'RESERVADO', 'ENVIANDO')
        and new.modelo_id is not distinct from old.modelo_id and new.conversa_id = old.conversa_id
    then
        return null;
    end if;
    v_contatos := array(
        select v.contato_id
        from public.modelos as m
        join public.conversas as v on v.cliente_id = new.cliente_id and v.id = new.conversa_id
        where m.cliente_id = new.cliente_id and m.id = new.modelo_id and m.categoria = 'MARKETING'
    );
    if cardinality(interno.marketing_recusas(new.cliente_id, v_contatos)) > 0 then
        raise exception using errcode = 'ZRV32', message = 'a pessoa não aceita receber marketing', constraint = tg_name, table = tg_table_name;
    end if;
    return null;
end
$$;
comment on function interno.tg_mensagens__recusar() is
'Nenhuma mensagem de modelo de marketing passa a esperar, nem sai, para quem não o aceita, seja quem for que a escreva.
Erros: ZRV32.
Efeitos: trava de leitura no contato.
Desde: 0.3.0';
