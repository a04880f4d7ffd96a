/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_meta_contatos(p_mensagem jsonb) returns jsonb
language sql immutable security invoker set search_path = ''
as $$
    select jsonb_build_object('contatos', jsonb_agg(jsonb_build_object(
        'nome', k.value #>> '{name,formatted_name}', 'primeiroNome', k.value #>> '{name,first_name}',
        'sobrenome', k.value #>> '{name,last_name}', 'organizacao', k.value #>> '{org,company}',
        'telefones', (
            select jsonb_agg(jsonb_build_object('telefone', f.value ->> 'phone', 'tipo', f.value ->> 'type', 'waId', f.value ->> 'wa_id'))
            from jsonb_path_query(k.value, '$.phones[*] ? (@.type() == "object")') as f (value)
        ),
        'emails', (
            select jsonb_agg(jsonb_build_object('email', f.value ->> 'email', 'tipo', f.value ->> 'type'))
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
