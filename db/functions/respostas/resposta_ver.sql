/* pgmigrate-encoding: utf-8 */
create or replace function interno.resposta_ver(p_cliente_id uuid, p_id uuid) returns public.respostas_rapidas
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_resposta public.respostas_rapidas;
begin
    select r.* into v_resposta from public.respostas_rapidas as r where r.cliente_id = p_cliente_id and r.id = p_id;
    if not found or not interno.resposta_visivel(p_cliente_id, v_resposta) then
        raise exception using errcode = 'ZNV82', message = 'resposta rápida não encontrada';
    end if;
    return v_resposta;
end
$$;
comment on function interno.resposta_ver(uuid, uuid) is
'A resposta rápida, se quem pede a vê.
Erros: ZNV82.
Efeitos: nenhum.
Desde: 0.3.0';
