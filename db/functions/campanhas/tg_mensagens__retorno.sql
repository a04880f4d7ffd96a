/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_mensagens__retorno() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform interno.campanha_retorno_registrar(new.cliente_id, v.contato_id, 'RESPONDEU', new.ocorrido_em)
    from public.conversas as v where v.cliente_id = new.cliente_id and v.id = new.conversa_id;
    return null;
end
$$;
comment on function interno.tg_mensagens__retorno() is
'Uma mensagem que chega pode ser a resposta a uma campanha.
Erros: nenhum.
Efeitos: campanhas_retornos.
Desde: 0.3.0';
