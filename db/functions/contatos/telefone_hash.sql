/* pgmigrate-encoding: utf-8 */
create or replace function interno.telefone_hash(p_cliente_id uuid, p_telefone text) returns bytea
language sql immutable security invoker parallel safe
begin atomic
    select sha256(convert_to(p_cliente_id::text || p_telefone, 'UTF8'));
end;
comment on function interno.telefone_hash(uuid, text) is
'Como um telefone entra na lista de supressão: o número não fica, e o mesmo número em dois clientes não se reconhece.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
