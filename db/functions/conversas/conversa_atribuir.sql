/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_atribuir(p_cliente_id uuid, p_sessao text, p_id uuid, p_usuario_id uuid, p_versao integer default null)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_conversa := interno.conversa_entregar(
        p_cliente_id, interno.conversa_travar(p_cliente_id, p_id, p_versao), p_usuario_id, null, null
    );
    return interno.conversa_json(v_conversa);
end
$$;
comment on function api.conversa_atribuir(uuid, text, uuid, uuid, integer) is
'Dá uma conversa a uma pessoa, na equipe em que a conversa está.
Erros: ZNV01 conversa não encontrada; ZPV20 é de outra pessoa; ZCG02 versão antiga; ZRV71 sem pessoa; os de conversa_dar.
Efeitos: conversas, conversas_historico.
Desde: 0.3.0';
