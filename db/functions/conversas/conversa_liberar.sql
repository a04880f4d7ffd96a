/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_liberar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_motivo text default null, p_versao integer default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_conversa := interno.conversa_travar(p_cliente_id, p_id, p_versao);
    perform interno.conversa_alheia_conferir(p_cliente_id, v_conversa);
    if v_conversa.status <> 'RESOLVIDA' and v_conversa.usuario_id is null then
        raise exception using errcode = 'ZCV22', message = 'a conversa já está assim';
    end if;
    v_conversa := interno.conversa_dar(p_cliente_id, v_conversa, null, v_conversa.equipe_id, p_motivo);
    return interno.conversa_json(v_conversa);
end
$$;
comment on function api.conversa_liberar(uuid, text, uuid, text, integer) is
'Devolve uma conversa à fila da sua equipe.
Erros: ZNV01 conversa não encontrada; ZPV20 é de outra pessoa; ZCV22 já está na fila; ZCG02 versão antiga; os de conversa_dar.
Efeitos: conversas, conversas_historico.
Desde: 0.3.0';
