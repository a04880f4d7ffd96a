/* pgmigrate-encoding: utf-8 */
create or replace function interno.fator_passo() returns bigint
language sql stable security invoker set search_path = ''
as $$
    select floor(extract(epoch from statement_timestamp()) / 30)::bigint;
$$;
comment on function interno.fator_passo() is
'O passo de 30 segundos de agora (RFC 6238), pelo relógio do banco.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
