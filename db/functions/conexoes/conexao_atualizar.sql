/* pgmigrate-encoding: utf-8 */
create or replace function api.conexao_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null, p_nome text default null,
    p_teto_por_segundo integer default null, p_numero_id_externo text default null, p_conta_id_externa text default null,
    p_credenciais bytea default null, p_verificacao_hash bytea default null, p_segredo_impressao bytea default null,
    p_reabertura text default null, p_reabertura_horas integer default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conexao public.conexoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:gerir');
    v_conexao := interno.conexao_travar(p_cliente_id, p_id, p_versao);
    if p_credenciais is not null and v_conexao.provedor <> 'META_API' then
        raise exception using errcode = 'ZRX16',
            message = 'esta conexão é de um aparelho: mude a instancia, não as credenciais', column = 'credenciais';
    end if;
    -- a sender compares versao before each send, so a new credential is in force from the next one on
    update public.conexoes as x set
        nome = coalesce(btrim(p_nome), x.nome),
        teto_por_segundo = coalesce(p_teto_por_segundo, x.teto_por_segundo),
        numero_id_externo = coalesce(p_numero_id_externo, x.numero_id_externo),
        conta_id_externa = coalesce(p_conta_id_externa, x.conta_id_externa),
        credenciais = coalesce(p_credenciais, x.credenciais),
        verificacao_hash = coalesce(p_verificacao_hash, x.verificacao_hash),
        segredo_impressao = coalesce(p_segredo_impressao, x.segredo_impressao),
        reabertura = coalesce(p_reabertura, x.reabertura),
        reabertura_horas = coalesce(p_reabertura_horas, x.reabertura_horas)
    where x.cliente_id = p_cliente_id and x.id = p_id
    returning x.* into v_conexao;
    perform interno.auditar(p_cliente_id, 'conexao_atualizada', 'conexoes', p_id, jsonb_build_object(
        'nome', v_conexao.nome, 'tetoPorSegundo', v_conexao.teto_por_segundo, 'credenciaisTrocadas', p_credenciais is not null,
        'reabertura', v_conexao.reabertura, 'reaberturaHoras', v_conexao.reabertura_horas
    ));
    return interno.conexao_json(v_conexao);
end
$$;
comment on function api.conexao_atualizar(uuid, text, uuid, integer, text, integer, text, text, bytea, bytea, bytea, text, integer) is
'Muda nome, teto, credenciais (cifradas na borda) ou o que fazer de quem volta depois de resolvida a conversa; o que vem nulo fica como está.
Erros: ZNX01 conexão não encontrada; ZCG02 versão antiga; ZCX01 nome repetido; ZCX02 número já conectado; ZRX16 credenciais de outro provedor; 23514 valor fora da regra.
Efeitos: conexoes, auditoria, eventos.
Desde: 0.1.0';
