/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_voz(p_cliente_id uuid, p_id uuid, p_assumir boolean) returns public.conversas
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conversa public.conversas := interno.conversa_visivel(p_cliente_id, p_id);
begin
    -- seen a moment ago, so that who took it meanwhile may be told
    select v.* into v_conversa from public.conversas as v where v.cliente_id = p_cliente_id and v.id = p_id for no key update;
    if v_conversa.status = 'RESOLVIDA' or (v_conversa.usuario_id = interno.usuario_corrente() and v_conversa.status <> 'ABERTA') then
        return v_conversa;
    end if;
    return interno.conversa_tomar(p_cliente_id, v_conversa, coalesce(p_assumir, false));
end
$$;
comment on function interno.conversa_voz(uuid, uuid, boolean) is
'Uma voz por vez: quem vai escrever numa conversa passa a atendê-la, se é de ninguém; a de outra pessoa, só se a assume. Devolve-a travada. A resolvida fica como está: mensagem_destino_conferir a recusa.
Erros: ZNV01 conversa não encontrada; os de conversa_tomar.
Efeitos: conversas, conversas_historico; trava a linha.
Desde: 0.3.0';
