/* pgmigrate-encoding: utf-8 */
create or replace function interno.midia_ler(p_cliente_id uuid, p_id uuid) returns public.midias
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_midia public.midias;
begin
    select m.* into v_midia from public.midias as m where m.cliente_id = p_cliente_id and m.id = p_id;
    if not found or not interno.midia_visivel(p_cliente_id, v_midia) then
        raise exception using errcode = 'ZND01', message = 'mídia não encontrada';
    end if;
    return v_midia;
end
$$;
comment on function interno.midia_ler(uuid, uuid) is
'Uma mídia, se quem pede pode vê-la.
Erros: ZND01 mídia não encontrada.
Efeitos: nenhum.
Desde: 0.2.0';
