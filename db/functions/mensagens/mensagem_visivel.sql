/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagem_visivel(p_cliente_id uuid, p_id uuid) returns public.mensagens
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_mensagem public.mensagens;
begin
    select m.* into v_mensagem from public.mensagens as m where m.cliente_id = p_cliente_id and m.id = p_id;
    if not found or not exists (
        select from public.conversas as v
        where v.cliente_id = p_cliente_id and v.id = v_mensagem.conversa_id and interno.visivel(p_cliente_id, v.usuario_id, v.equipe_id)
    ) then
        raise exception using errcode = 'ZNV02', message = 'mensagem não encontrada';
    end if;
    return v_mensagem;
end
$$;
comment on function interno.mensagem_visivel(uuid, uuid) is
'A mensagem, se quem pede pode ver sua conversa.
Erros: ZNV02.
Efeitos: nenhum.
Desde: 0.2.0';
