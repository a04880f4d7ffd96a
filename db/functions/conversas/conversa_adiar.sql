/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_adiar(p_cliente_id uuid, p_sessao text, p_id uuid, p_ate timestamptz, p_versao integer default null)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_conversa := interno.conversa_adiar_ate(p_cliente_id, interno.conversa_travar(p_cliente_id, p_id, p_versao), p_ate);
    return interno.conversa_json(v_conversa);
end
$$;
comment on function api.conversa_adiar(uuid, text, uuid, timestamptz, integer) is
'Tira uma conversa da frente até um instante; volta sozinha, ou quando a pessoa escreve.
Erros: ZNV01 conversa não encontrada; ZCG02 versão antiga; os de conversa_adiar_ate.
Efeitos: conversas, conversas_historico; fila (conversa_acordar).
Desde: 0.3.0';
