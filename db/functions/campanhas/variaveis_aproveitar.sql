/* pgmigrate-encoding: utf-8 */
create or replace function interno.variaveis_aproveitar(p_variaveis jsonb, p_componentes jsonb) returns jsonb
language sql immutable security invoker set search_path = ''
as $$
    select coalesce(jsonb_object_agg(e.key, e.value), '{}')
    from jsonb_each(p_variaveis) as e
    join interno.modelo_campos(p_componentes) as c on c.chave = e.key
    where (c.especie in ('TEXTO', 'URL', 'CUPOM', 'CODIGO', 'RETORNO')) = (jsonb_typeof(e.value) = 'string' or e.value ? 'valor');
$$;
comment on function interno.variaveis_aproveitar(jsonb, jsonb) is
'Das variáveis escritas para um modelo, ou para ele ainda incompleto, as que servem.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
