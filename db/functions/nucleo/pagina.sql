/* pgmigrate-encoding: utf-8 */
create or replace function interno.pagina(p_itens jsonb, p_limite integer) returns jsonb
language sql immutable security invoker parallel safe
begin atomic
    select jsonb_build_object(
        'dados', case when jsonb_array_length(p_itens) > p_limite then p_itens - p_limite else p_itens end,
        'meta', jsonb_build_object('proximoCursor', case when jsonb_array_length(p_itens) > p_limite
            then replace(p_itens -> (p_limite - 1) ->> 'id', '-', '') end)
    );
end;
comment on function interno.pagina(jsonb, integer) is
'Monta a página de uma lista: recebe até limite + 1 itens (cada um com id) e devolve {dados, meta.proximoCursor}.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
