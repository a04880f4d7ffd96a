/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_aguardar(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_conversa := interno.conversa_travar(p_cliente_id, p_id, p_versao);
    perform interno.conversa_alheia_conferir(p_cliente_id, v_conversa);
    if v_conversa.status = 'AGUARDANDO_CLIENTE' then
        raise exception using errcode = 'ZCV22', message = 'a conversa já está assim';
    end if;
    v_conversa.status := 'AGUARDANDO_CLIENTE';
    v_conversa := interno.conversa_gravar(p_cliente_id, v_conversa);
    return interno.conversa_json(v_conversa);
end
$$;
comment on function api.conversa_aguardar(uuid, text, uuid, integer) is
'Deixa uma conversa em atendimento à espera da pessoa: volta quando ela escrever.
Erros: ZNV01 conversa não encontrada; ZPV20 é de outra pessoa; ZCV22 já espera; ZCG01 não está em atendimento; ZCG02 versão antiga.
Efeitos: conversas, conversas_historico.
Desde: 0.3.0';
