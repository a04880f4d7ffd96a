/* pgmigrate-encoding: utf-8 */
create or replace function interno.equipe_propria(p_cliente_id uuid, p_equipe_id uuid) returns boolean
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return exists (
        select from public.equipes_membros as m
        where m.cliente_id = p_cliente_id and m.equipe_id = p_equipe_id and m.usuario_id = interno.usuario_corrente()
    );
end
$$;
comment on function interno.equipe_propria(uuid, uuid) is
'O usuário corrente está nesta equipe.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
