/* pgmigrate-encoding: utf-8 */
create or replace function api.resposta_rapida_remover(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    perform interno.resposta_travar(p_cliente_id, p_id, p_versao);
    delete from public.respostas_rapidas as r where r.cliente_id = p_cliente_id and r.id = p_id;
    perform interno.auditar(p_cliente_id, 'resposta_removida', 'respostas_rapidas', p_id);
    perform interno.avisar(p_cliente_id, 'resposta_mudou', p_id);
    return jsonb_build_object('id', p_id);
end
$$;
comment on function api.resposta_rapida_remover(uuid, text, uuid, integer) is
'Remove uma resposta rápida; os arquivos continuam guardados.
Erros: ZNV82 não encontrada; ZPG01 sem permissão; ZCG02 versão antiga.
Efeitos: respostas_rapidas, respostas_rapidas_midias, auditoria, eventos.
Desde: 0.3.0';
