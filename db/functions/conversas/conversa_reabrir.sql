/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_reabrir(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_assumir boolean default false, p_versao integer default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_conversa := interno.conversa_travar(p_cliente_id, p_id, p_versao);
    perform interno.conversa_alheia_conferir(p_cliente_id, v_conversa);
    if v_conversa.status <> 'RESOLVIDA' then
        raise exception using errcode = 'ZCV22', message = 'a conversa já está assim';
    end if;
    v_conversa.status := case when p_assumir then 'EM_ATENDIMENTO' else 'ABERTA' end;
    v_conversa.usuario_id := case when p_assumir then interno.usuario_corrente() end;
    v_conversa := interno.conversa_gravar(p_cliente_id, v_conversa);
    return interno.conversa_json(v_conversa);
end
$$;
comment on function api.conversa_reabrir(uuid, text, uuid, boolean, integer) is
'Reabre uma conversa resolvida: volta à fila da sua equipe, ou a quem a reabre (p_assumir).
Erros: ZNV01 conversa não encontrada; ZPV20 é de outra pessoa; ZCV22 não está resolvida; ZCV01 a pessoa já tem outra aberta neste número; ZCG02 versão antiga.
Efeitos: conversas, conversas_historico.
Desde: 0.3.0';
