/* pgmigrate-encoding: utf-8 */
create or replace function interno.eventos_topicos(p_assunto text, p_usuario_id uuid, p_equipe_id uuid) returns text[]
language sql immutable security invoker parallel safe
begin atomic
    select array_remove(array[
        p_assunto || ':todas',
        case when p_usuario_id is not null then p_assunto || ':usuario:' || p_usuario_id end,
        case when p_equipe_id is not null then p_assunto || ':equipe:' || p_equipe_id end,
        case when p_usuario_id is null then p_assunto || ':fila:' || coalesce(p_equipe_id::text, 'geral') end
    ], null);
end;
comment on function interno.eventos_topicos(text, uuid, uuid) is
'Os tópicos de uma linha com este dono e esta equipe: quem a vê (interno.visivel) tem um deles entre os seus (interno.sessao_topicos), e só quem a vê. p_assunto: conversas ou contatos.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
