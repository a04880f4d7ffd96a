/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_travar(p_cliente_id uuid, p_id uuid, p_versao integer default null) returns public.conversas
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    select v.* into v_conversa from public.conversas as v where v.cliente_id = p_cliente_id and v.id = p_id for no key update;
    -- asked of the row as it is now: whoever had it a moment ago may have passed it on
    if not found or not interno.visivel(p_cliente_id, v_conversa.usuario_id, v_conversa.equipe_id) then
        raise exception using errcode = 'ZNV01', message = 'conversa não encontrada';
    end if;
    perform interno.versao_conferir(v_conversa.versao, p_versao);
    return v_conversa;
end
$$;
comment on function interno.conversa_travar(uuid, uuid, integer) is
'Trava uma conversa para mudança, se quem pede pode vê-la e a versão é a que leu (nula = sem conferência).
Erros: ZNV01 conversa não encontrada; ZCG02 versão antiga.
Efeitos: trava a linha.
Desde: 0.3.0';
