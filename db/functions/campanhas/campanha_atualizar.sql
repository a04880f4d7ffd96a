/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer, p_nome text, p_conexao_id uuid, p_modelo_id uuid,
    p_variaveis jsonb default '{}', p_contato_ids uuid[] default null, p_etiqueta_ids uuid[] default null,
    p_filtro jsonb default null, p_intervalo_ms integer default 0, p_agendado_para timestamptz default null,
    p_agora timestamptz default now()
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:gerir');
    perform interno.campanha_travar(p_cliente_id, p_id, array['RASCUNHO', 'AGENDADA']);
    perform interno.versao_conferir(
        (select k.versao from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_id), p_versao
    );
    update public.campanhas as k
    set nome = btrim(p_nome), conexao_id = p_conexao_id, modelo_id = p_modelo_id,
        variaveis = interno.variaveis_conferir(p_cliente_id, p_modelo_id, p_variaveis),
        publico_tipo = interno.campanha_publico_tipo(p_contato_ids, p_etiqueta_ids, p_filtro),
        publico_filtro = interno.campanha_publico_filtro(p_cliente_id, p_etiqueta_ids, p_filtro),
        intervalo_ms = coalesce(p_intervalo_ms, 0)
    where k.cliente_id = p_cliente_id and k.id = p_id;
    perform interno.campanha_modelo_conferir(p_cliente_id, p_conexao_id, p_modelo_id);
    perform interno.campanha_publico_gravar(p_cliente_id, p_id, p_contato_ids);
    perform interno.campanha_agendar(p_cliente_id, p_id, p_agendado_para, p_agora);
    perform interno.auditar(p_cliente_id, 'campanha_atualizada', 'campanhas', p_id);
    return interno.campanha_json(p_cliente_id, p_id);
end
$$;
comment on function api.campanha_atualizar(
    uuid, text, uuid, integer, text, uuid, uuid, jsonb, uuid[], uuid[], jsonb, integer, timestamptz, timestamptz
) is
'Troca o conteúdo de uma campanha que ainda não começou.
Erros: ZNK01; ZCK01 já começou; ZCG02 versão antiga; os de campanha_criar.
Efeitos: campanhas, campanhas_publico, fila, auditoria.
Desde: 0.1.0';
