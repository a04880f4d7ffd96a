/* pgmigrate-encoding: utf-8 */
create or replace function api.conexao_criar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_nome text, p_canal text, p_provedor text,
    p_numero_id_externo text, p_conta_id_externa text, p_credenciais bytea, p_verificacao_hash bytea default null,
    p_segredo_impressao bytea default null, p_teto_por_segundo integer default 80, p_chave_idempotencia text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_resposta jsonb;
    v_conexao public.conexoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:gerir');
    -- the id and the ciphertext differ at each try of the same request: they are not what identifies it
    v_resposta := interno.idempotencia_abrir(p_cliente_id, 'conexao_criar', p_chave_idempotencia, jsonb_build_array(
        p_nome, p_canal, p_provedor, p_numero_id_externo, p_conta_id_externa, p_teto_por_segundo,
        encode(p_verificacao_hash, 'hex'), encode(p_segredo_impressao, 'hex')
    ));
    if v_resposta is not null then
        return v_resposta;
    end if;
    if p_provedor is distinct from 'META_API' then
        raise exception using errcode = 'ZRX01', message = 'um aparelho UaiZap se cria com instancia', column = 'provedor';
    end if;
    if p_numero_id_externo is null or p_conta_id_externa is null then
        raise exception using errcode = 'ZRX04', message = 'informe phoneNumberId e wabaId', column = 'credenciais';
    end if;
    perform interno.conexoes_limite_conferir(p_cliente_id);
    insert into public.conexoes (
        cliente_id, id, nome, canal, provedor, numero_id_externo, conta_id_externa, credenciais, verificacao_hash,
        segredo_impressao, teto_por_segundo
    ) values (
        p_cliente_id, p_id, btrim(p_nome), p_canal, p_provedor, p_numero_id_externo, p_conta_id_externa, p_credenciais,
        p_verificacao_hash, p_segredo_impressao, p_teto_por_segundo
    ) returning * into v_conexao;
    perform interno.auditar(p_cliente_id, 'conexao_criada', 'conexoes', p_id, jsonb_build_object('nome', v_conexao.nome));
    perform interno.conexao_consulta_agendar(p_cliente_id, p_id, now());
    return interno.idempotencia_fechar(p_cliente_id, 'conexao_criar', p_chave_idempotencia, interno.conexao_json(v_conexao));
end
$$;
comment on function api.conexao_criar(uuid, text, uuid, text, text, text, text, text, bytea, bytea, bytea, integer, text) is
'Cria uma conexão com credenciais já cifradas na borda para este cliente e este id.
Erros: ZRX01 aparelho sem instancia; ZRX04 falta o número ou a conta; ZCX01 nome repetido; ZCX02 número já conectado; ZLX01 limite do plano; 23514 valor fora da regra.
Efeitos: conexoes, fila, auditoria, eventos, chaves_idempotencia.
Desde: 0.1.0';
