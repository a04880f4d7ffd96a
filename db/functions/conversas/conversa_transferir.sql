/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_transferir(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_usuario_id uuid default null, p_equipe_id uuid default null,
    p_motivo text default null, p_versao integer default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_conversa := interno.conversa_entregar(
        p_cliente_id, interno.conversa_travar(p_cliente_id, p_id, p_versao), p_usuario_id, p_equipe_id, p_motivo
    );
    return interno.conversa_json(v_conversa);
end
$$;
comment on function api.conversa_transferir(uuid, text, uuid, uuid, uuid, text, integer) is
'Transfere uma conversa à fila de uma equipe, ou a uma pessoa dela. Quem transfere a devolve mesmo que já não possa vê-la depois.
Erros: ZNV01 conversa não encontrada; ZPV20 é de outra pessoa; ZCG02 versão antiga; ZRV71 sem destino; os de conversa_dar.
Efeitos: conversas, conversas_historico.
Desde: 0.3.0';
