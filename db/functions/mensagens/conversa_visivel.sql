/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_visivel(p_cliente_id uuid, p_id uuid) returns public.conversas
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    select v.* into v_conversa from public.conversas as v
    where v.cliente_id = p_cliente_id and v.id = p_id and interno.visivel(p_cliente_id, v.usuario_id, v.equipe_id);
    if not found then
        raise exception using errcode = 'ZNV01', message = 'conversa não encontrada';
    end if;
    return v_conversa;
end
$$;
comment on function interno.conversa_visivel(uuid, uuid) is
'A conversa, se quem pede pode vê-la.
Erros: ZNV01.
Efeitos: nenhum.
Desde: 0.2.0';
