/* pgmigrate-encoding: utf-8 */
create or replace function interno.modelo_enviavel(p_componentes jsonb) returns boolean
language sql immutable security invoker set search_path = ''
as $$
    select not exists (
        select from jsonb_array_elements(p_componentes) as c
        where upper(c.value ->> 'type') in ('CAROUSEL', 'LIMITED_TIME_OFFER')
            or (
                upper(c.value ->> 'type') = 'HEADER'
                and upper(coalesce(c.value ->> 'format', 'TEXT')) not in ('TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT', 'GIF', 'LOCATION')
            )
            or jsonb_path_exists(c.value, '$.buttons[*].type ? (@ like_regex "^(mpm|spm|order_details)$" flag "i")')
    );
$$;
comment on function interno.modelo_enviavel(jsonb) is
'Se o Balcão sabe preencher todos os componentes do modelo: não sabe carrossel, oferta por tempo limitado nem listas de produtos.
Erros: 22023 quando os componentes não são uma lista.
Efeitos: nenhum.
Desde: 0.2.0';
