/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_consentimentos__retorno() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform interno.campanha_retorno_registrar(new.cliente_id, new.contato_id, 'SAIU', new.ocorrido_em);
    return null;
end
$$;
comment on function interno.tg_consentimentos__retorno() is
'Quem recusa marketing pode estar saindo por causa de uma campanha.
Erros: nenhum.
Efeitos: campanhas_retornos.
Desde: 0.3.0';
