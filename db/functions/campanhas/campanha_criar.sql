/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_criar(
    p_cliente_id uuid, p_sessao text, p_nome text, p_conexao_id uuid, p_modelo_id uuid, p_variaveis jsonb default '{}',
    p_contato_ids uuid[] default null, p_etiqueta_ids uuid[] default null, p_filtro jsonb default null,
    p_intervalo_ms integer default 0, p_agendado_para timestamptz default null, p_chave_idempotencia text default null,
    p_agora timestamptz default now()
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_id uuid;
    v_resposta jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:gerir');
    v_resposta := interno.idempotencia_abrir(p_cliente_id, 'campanha_criar', p_chave_idempotencia, jsonb_build_array(
        p_nome, p_conexao_id, p_modelo_id, p_variaveis, p_contato_ids, p_etiqueta_ids, p_filtro, p_intervalo_ms, p_agendado_para
    ));
    if v_resposta is not null then
        return v_resposta;
    end if;
    insert into public.campanhas (
        cliente_id, nome, conexao_id, modelo_id, variaveis, publico_tipo, publico_filtro, intervalo_ms, criado_por
    ) values (
        p_cliente_id, btrim(p_nome), p_conexao_id, p_modelo_id,
        interno.variaveis_conferir(p_cliente_id, p_modelo_id, p_variaveis),
        interno.campanha_publico_tipo(p_contato_ids, p_etiqueta_ids, p_filtro),
        interno.campanha_publico_filtro(p_cliente_id, p_etiqueta_ids, p_filtro), coalesce(p_intervalo_ms, 0), interno.usuario_corrente()
    ) returning id into v_id;
    perform interno.campanha_modelo_conferir(p_cliente_id, p_conexao_id, p_modelo_id);
    perform interno.campanha_publico_gravar(p_cliente_id, v_id, p_contato_ids);
    perform interno.campanha_agendar(p_cliente_id, v_id, p_agendado_para, p_agora);
    perform interno.auditar(p_cliente_id, 'campanha_criada', 'campanhas', v_id);
    return interno.idempotencia_fechar(
        p_cliente_id, 'campanha_criar', p_chave_idempotencia, interno.campanha_json(p_cliente_id, v_id)
    );
end
$$;
comment on function api.campanha_criar(
    uuid, text, text, uuid, uuid, jsonb, uuid[], uuid[], jsonb, integer, timestamptz, text, timestamptz
) is
'Cria uma campanha em rascunho ou, com agendado_para, já agendada; o público vem de exatamente um entre ids, etiquetas e filtro.
Erros: ZNX01 conexão, ZNM01 modelo, ZNC01 contato, ZNE01 etiqueta não encontrados; ZRK01 público; ZRK02, ZRK03, ZRK12, ZRK14, ZRM01, ZRM06 e ZND01 variáveis; ZRK08 filtro; ZRK09 agendamento no passado; ZRK10 modelo de outra conta; ZRK13 modelo que a campanha não sabe preencher; ZCG03.
Efeitos: campanhas, campanhas_publico, fila, auditoria, eventos, chaves_idempotencia.
Desde: 0.1.0';
