/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_pede_nome(p_vao bigint) returns boolean
language sql immutable security invoker parallel safe
begin atomic
    select p_vao > 1000;
end;
comment on function interno.campanha_pede_nome(bigint) is
'Se uma campanha que alcança tantas pessoas só é lançada por quem escreve o nome dela.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
