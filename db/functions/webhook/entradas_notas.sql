/* pgmigrate-encoding: utf-8 */
create or replace function interno.entradas_notas(p_itens jsonb) returns jsonb
language sql immutable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', i.value -> 'webhookId', 'nome', left(i.value ->> 'idExterno', 100),
        'motivo', case when i.value ? 'idExterno' and i.value ? 'identidades' then 'CONTEUDO_ESTRANHO' else 'SEM_IDENTIFICACAO' end
    )), '[]')
    from jsonb_array_elements(p_itens) as i (value)
    where i.value ? 'estranho' or not i.value ?& array['idExterno', 'identidades'];
$$;
comment on function interno.entradas_notas(jsonb) is
'Das mensagens lidas de webhooks, as que não se entendem inteiras: [{id (do webhook), motivo, nome}].
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
