/* pgmigrate-encoding: utf-8 */
create or replace function interno.visao_equipe_conferir(p_cliente_id uuid, p_equipe_id uuid) returns void
language plpgsql stable security invoker set search_path = ''
as $$
begin
    if p_equipe_id is not null and not interno.equipe_propria(p_cliente_id, p_equipe_id)
        and not (current_setting('app.visibilidade', true) = 'TODAS' and exists (
            select from public.equipes as e where e.cliente_id = p_cliente_id and e.id = p_equipe_id
        )) then
        raise exception using errcode = 'ZNI04', message = 'equipe não encontrada', column = 'equipeId';
    end if;
end
$$;
comment on function interno.visao_equipe_conferir(uuid, uuid) is
'Só se partilha uma visão com equipe de que se participa, ou com qualquer uma quem vê todas as conversas.
Erros: ZNI04.
Efeitos: nenhum.
Desde: 0.3.0';
