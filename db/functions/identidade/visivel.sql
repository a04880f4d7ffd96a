/* pgmigrate-encoding: utf-8 */
create or replace function interno.visivel(p_cliente_id uuid, p_usuario_id uuid, p_equipe_id uuid) returns boolean
language sql stable security invoker
begin atomic
    -- no sub-select here, or it would no longer be inlined: the rows that need one ask a function, and only those
    select coalesce(
        current_setting('app.visibilidade', true) = 'TODAS'
        or p_usuario_id = interno.usuario_corrente()
        or (p_usuario_id is null and (p_equipe_id is null or interno.equipe_propria(p_cliente_id, p_equipe_id)))
        or (
            current_setting('app.visibilidade', true) = 'EQUIPE'
            and (interno.equipe_propria(p_cliente_id, p_equipe_id) or interno.usuario_colega(p_cliente_id, p_usuario_id))
        ),
        false
    );
end;
comment on function interno.visivel(uuid, uuid, uuid) is
'O único predicado de visibilidade dentro de um cliente: PROPRIA vê o que é seu ou de ninguém (na fila de uma equipe, só a dela); EQUIPE, também o das suas equipes e colegas; TODAS, tudo.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
