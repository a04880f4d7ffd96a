/* pgmigrate-encoding: utf-8 */
create or replace function interno.oferta_descanso() returns interval
language sql immutable security invoker parallel safe
begin atomic
    select interval '1 minute';
end;
comment on function interno.oferta_descanso() is
'Quanto uma conversa que já foi oferecida a todos espera antes de voltar a uma mesma pessoa.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
