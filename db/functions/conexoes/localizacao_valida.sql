/* pgmigrate-encoding: utf-8 */
create or replace function interno.localizacao_valida(p_valor jsonb) returns boolean
language sql immutable security invoker set search_path = ''
as $$
    select coalesce(
        jsonb_typeof(p_valor) = 'object' and (p_valor - array['latitude', 'longitude', 'nome', 'endereco']) = '{}'
        and case when jsonb_typeof(p_valor -> 'latitude') = 'number' then (p_valor ->> 'latitude')::numeric between -90 and 90 end
        and case when jsonb_typeof(p_valor -> 'longitude') = 'number' then (p_valor ->> 'longitude')::numeric between -180 and 180 end
        and (not p_valor ? 'nome' or char_length(p_valor ->> 'nome') <= 1000)
        and (not p_valor ? 'endereco' or char_length(p_valor ->> 'endereco') <= 1000),
        false
    );
$$;
comment on function interno.localizacao_valida(jsonb) is
'Se é {latitude, longitude, nome?, endereco?} com coordenadas possíveis.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
