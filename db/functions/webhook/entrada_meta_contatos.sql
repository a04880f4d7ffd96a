/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_meta_contatos(p_mensagem jsonb) returns jsonb
language sql immutable security invoker set search_path = ''
as $$
    select jsonb_build_object('contatos', jsonb_agg(jsonb_build_object(
        'nome', interno.jsonb_texto(k.value #> '{name,formatted_name}', 500), 'primeiroNome', interno.jsonb_texto(k.value #> '{name,first_name}', 500),
        'sobrenome', interno.jsonb_texto(k.value #> '{name,last_name}', 500), 'organizacao', interno.jsonb_texto(k.value #> '{org,company}', 500),
        'telefones', (
            select jsonb_agg(jsonb_build_object('telefone', interno.jsonb_texto(f.value -> 'phone', 500), 'tipo', interno.jsonb_texto(f.value -> 'type', 500), 'waId', interno.jsonb_texto(f.value -> 'wa_id', 500)))
            from jsonb_path_query(k.value, '$.phones[*] ? (@.type() == "object")') as f (value)
        ),
        'emails', (
            select jsonb_agg(jsonb_build_object('email', interno.jsonb_texto(f.value -> 'email', 500), 'tipo', interno.jsonb_texto(f.value -> 'type', 500)))
            from jsonb_path_query(k.value, '$.emails[*] ? (@.type() == "object")') as f (value)
        )
    )))
    from jsonb_path_query(p_mensagem, '$.contacts[*] ? (@.type() == "object")') as k (value);
$$;
comment on function interno.entrada_meta_contatos(jsonb) is
'Os cartões de contato de uma mensagem recebida da Meta, na forma dos que se enviam.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
