/* pgmigrate-encoding: utf-8 */
create or replace function api.motivo_remover(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'atendimento:gerir');
    perform interno.motivo_travar(p_cliente_id, p_id, p_versao);
    if exists (select from public.conversas as v where v.cliente_id = p_cliente_id and v.motivo_id = p_id) then
        raise exception using errcode = 'ZCV23', message = 'há conversas resolvidas com este motivo: desative-o em vez de remover';
    end if;
    delete from public.motivos_resolucao as m where m.cliente_id = p_cliente_id and m.id = p_id;
    perform interno.auditar(p_cliente_id, 'motivo_removido', 'motivos_resolucao', p_id), interno.avisar(p_cliente_id, 'motivo_mudou', p_id);
    return jsonb_build_object('id', p_id);
end
$$;
comment on function api.motivo_remover(uuid, text, uuid, integer) is
'Remove um motivo de resolução que nenhuma conversa tem.
Erros: ZNV20 motivo não encontrado; ZCV23 em uso; ZCG02 versão antiga.
Efeitos: motivos_resolucao, auditoria, eventos.
Desde: 0.3.0';
