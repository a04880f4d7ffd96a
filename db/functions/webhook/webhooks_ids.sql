/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhooks_ids(p_lidos jsonb, p_caminho jsonpath) returns uuid[]
language sql immutable security invoker set search_path = ''
as $$
    -- an array: what is read out of jsonb may not, under RLS, be an index condition
    select coalesce(array_agg((x.value ->> 'id')::uuid order by x.value ->> 'id'), '{}') from jsonb_path_query(p_lidos, p_caminho) as x (value);
$$;
comment on function interno.webhooks_ids(jsonb, jsonpath) is
'Os ids dos corpos lidos que um caminho escolhe.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
