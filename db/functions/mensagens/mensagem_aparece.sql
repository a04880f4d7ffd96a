/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagem_aparece(p_tipo text, p_contexto_id uuid, p_status text) returns boolean
language sql immutable security invoker parallel safe
begin atomic
    select p_contexto_id is null or p_tipo not in ('REACAO', 'EDICAO', 'EXCLUSAO', 'ECO') or p_status not in ('RECEBIDA', 'ENVIADO');
end;
comment on function interno.mensagem_aparece(text, uuid, text) is
'Se uma mensagem é uma das da conversa: reações, edições e exclusões já aplicadas aparecem na de que falam, e não sozinhas.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
