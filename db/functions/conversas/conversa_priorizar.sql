/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_priorizar(p_cliente_id uuid, p_sessao text, p_id uuid, p_prioridade text, p_versao integer default null)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_conversa := interno.conversa_travar(p_cliente_id, p_id, p_versao);
    perform interno.conversa_alheia_conferir(p_cliente_id, v_conversa);
    v_conversa.prioridade := p_prioridade;
    v_conversa := interno.conversa_gravar(p_cliente_id, v_conversa);
    return interno.conversa_json(v_conversa);
end
$$;
comment on function api.conversa_priorizar(uuid, text, uuid, text, integer) is
'Muda a prioridade de uma conversa (BAIXA, NORMAL, ALTA, URGENTE).
Erros: ZNV01 conversa não encontrada; ZPV20 é de outra pessoa; ZCG02 versão antiga; 23514 prioridade desconhecida.
Efeitos: conversas, conversas_historico.
Desde: 0.3.0';
