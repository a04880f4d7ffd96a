/* pgmigrate-encoding: utf-8 */
create or replace function interno.usuario_corrente() returns uuid
language sql stable security invoker parallel safe
begin atomic
    select nullif(current_setting('app.usuario_id', true), '')::uuid;
end;
comment on function interno.usuario_corrente() is
'Usuário da transação corrente; nulo quando quem age é o sistema.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
