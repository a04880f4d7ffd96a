/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_resolver(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_motivo_id uuid, p_observacao text default null, p_versao integer default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_conversa := interno.conversa_resolver_por(
        p_cliente_id, interno.conversa_travar(p_cliente_id, p_id, p_versao), p_motivo_id, p_observacao
    );
    return interno.conversa_json(v_conversa);
end
$$;
comment on function api.conversa_resolver(uuid, text, uuid, uuid, text, integer) is
'Resolve uma conversa, dizendo por quê.
Erros: ZNV01 conversa não encontrada; ZCG02 versão antiga; os de conversa_resolver_por.
Efeitos: conversas, conversas_historico.
Desde: 0.3.0';
