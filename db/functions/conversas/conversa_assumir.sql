/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_assumir(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_tomar boolean default false, p_versao integer default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    select v.* into v_conversa from public.conversas as v where v.cliente_id = p_cliente_id and v.id = p_id for no key update;
    -- whoever sees the queue that it stood in may be told who was faster
    if not found or not (
        interno.visivel(p_cliente_id, v_conversa.usuario_id, v_conversa.equipe_id) or interno.visivel(p_cliente_id, null, v_conversa.equipe_id)
    ) then
        raise exception using errcode = 'ZNV01', message = 'conversa não encontrada';
    end if;
    perform interno.versao_conferir(v_conversa.versao, p_versao) where v_conversa.usuario_id is null or p_tomar;
    v_conversa := interno.conversa_tomar(p_cliente_id, v_conversa, coalesce(p_tomar, false));
    return interno.conversa_json(v_conversa);
end
$$;
comment on function api.conversa_assumir(uuid, text, uuid, boolean, integer) is
'Passa a atender uma conversa de ninguém: um só consegue, os outros leem quem a tem. Com p_tomar, e quem pode atribuir, também a de outra pessoa; a que já é sua volta a EM_ATENDIMENTO.
Erros: ZNV01 conversa não encontrada; ZCV20 outra pessoa a atende; ZPV20 é de outra pessoa; ZCG02 versão antiga; os de conversa_dar.
Efeitos: conversas, conversas_historico.
Desde: 0.3.0';
