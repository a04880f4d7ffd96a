/* pgmigrate-encoding: utf-8 */
create or replace function interno.fusao_desfeita(p_atual jsonb, p_antes jsonb, p_depois jsonb) returns jsonb
language sql immutable security invoker parallel safe set search_path = ''
as $$
    -- what somebody changed since is theirs
    select p_atual || coalesce(jsonb_object_agg(a.key, a.value) filter (where p_atual -> a.key = p_depois -> a.key), '{}')
    from jsonb_each(p_antes) as a;
$$;
comment on function interno.fusao_desfeita(jsonb, jsonb, jsonb) is
'Uma linha como deve ficar ao desfazer a fusão: cada coluna volta ao que era, se ainda está como a fusão a deixou.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
