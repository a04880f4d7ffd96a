/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_contatos__ressugerir() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform interno.sugestoes_calcular(new.cliente_id, array[new.id]);
    return null;
end
$$;
comment on function interno.tg_contatos__ressugerir() is
'Procura, para um contato que mudou de telefone ou e-mail, quem talvez seja a mesma pessoa.
Erros: nenhum.
Efeitos: contatos_sugestoes.
Desde: 0.3.0';
