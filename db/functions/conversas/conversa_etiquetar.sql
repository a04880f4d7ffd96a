/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_etiquetar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_adicionar uuid[] default '{}', p_remover uuid[] default '{}'
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_conversa := interno.conversa_etiquetas_mudar(
        p_cliente_id, interno.conversa_travar(p_cliente_id, p_id), coalesce(p_adicionar, '{}'), coalesce(p_remover, '{}')
    );
    return interno.conversa_json(v_conversa);
end
$$;
comment on function api.conversa_etiquetar(uuid, text, uuid, uuid[], uuid[]) is
'Põe e tira etiquetas de uma conversa.
Erros: ZNV01 conversa não encontrada; os de conversa_etiquetas_mudar.
Efeitos: conversas_etiquetas, conversas_historico.
Desde: 0.3.0';
