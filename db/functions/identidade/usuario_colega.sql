/* pgmigrate-encoding: utf-8 */
create or replace function interno.usuario_colega(p_cliente_id uuid, p_usuario_id uuid) returns boolean
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return exists (
        select from public.equipes_membros as meu
        join public.equipes_membros as dele on dele.cliente_id = p_cliente_id and dele.equipe_id = meu.equipe_id
        where meu.cliente_id = p_cliente_id and meu.usuario_id = interno.usuario_corrente() and dele.usuario_id = p_usuario_id
    );
end
$$;
comment on function interno.usuario_colega(uuid, uuid) is
'O usuário corrente divide uma equipe com este.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
