/* pgmigrate-encoding: utf-8 */
create or replace function interno.fator_passo_vale(p_passo bigint) returns boolean
language sql stable security invoker set search_path = ''
as $$
    -- the edge accepts one step to each side of the one it was told; another may begin before this is read
    select p_passo between interno.fator_passo() - 2 and interno.fator_passo() + 1;
$$;
comment on function interno.fator_passo_vale(bigint) is
'Se o passo de um código é o de agora, ou um vizinho.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
