/* pgmigrate-encoding: utf-8 */
create or replace function interno.telefone_ambiguo(p_telefone text) returns boolean
language sql immutable security invoker parallel safe
begin atomic
    select coalesce(p_telefone ~ '^\+55[0-9]{2}[2-5][0-9]{7}$', false);
end;
comment on function interno.telefone_ambiguo(text) is
'Se um telefone canônico dito por um provedor pode ser um fixo ou um celular sem o nono dígito: só o nome exato que o provedor usa diz de quem é.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
