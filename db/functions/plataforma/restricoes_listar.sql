/* pgmigrate-encoding: utf-8 */
create or replace function plataforma.restricoes_listar() returns jsonb
language sql stable security definer set search_path = ''
as $$
    select interno.restricoes_listar();
$$;
comment on function plataforma.restricoes_listar() is
'Mensagens das restrições, para que um e-mail repetido seja dito também na linha de comando.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
