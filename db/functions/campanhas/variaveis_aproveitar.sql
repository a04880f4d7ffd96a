/* pgmigrate-encoding: utf-8 */
create or replace function interno.variaveis_aproveitar(p_variaveis jsonb, p_componentes jsonb) returns jsonb
language sql immutable security invoker set search_path = ''
as $$
    select coalesce(jsonb_object_agg(e.key, e.value), '{}')
    from jsonb_each(p_variaveis) as e
    join interno.modelo_campos(p_componentes) as c on c.chave = e.key and c.especie = 'TEXTO'
    where jsonb_typeof(e.value) = 'string' or e.value ? 'valor';
$$;
comment on function interno.variaveis_aproveitar(jsonb, jsonb) is
'Das variáveis escritas para um modelo, os textos que servem também a outro.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
