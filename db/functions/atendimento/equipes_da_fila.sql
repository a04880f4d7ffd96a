/* pgmigrate-encoding: utf-8 */
create or replace function interno.equipes_da_fila(p_cliente_id uuid, p_usuario_id uuid, p_equipe_id uuid) returns uuid[]
language plpgsql stable security invoker set search_path = ''
as $$
begin
    if p_equipe_id is null then
        return array(
            select m.equipe_id from public.equipes_membros as m where m.cliente_id = p_cliente_id and m.usuario_id = p_usuario_id
        );
    end if;
    if not interno.visivel(p_cliente_id, null, p_equipe_id)
        or not exists (select from public.equipes as e where e.cliente_id = p_cliente_id and e.id = p_equipe_id) then
        raise exception using errcode = 'ZNI04', message = 'equipe não encontrada';
    end if;
    return array[p_equipe_id];
end
$$;
comment on function interno.equipes_da_fila(uuid, uuid, uuid) is
'As equipes de cujas filas esta pessoa se serve: a pedida, se ela pode vê-la; senão, todas as suas.
Erros: ZNI04 equipe não encontrada.
Efeitos: nenhum.
Desde: 0.3.0';
