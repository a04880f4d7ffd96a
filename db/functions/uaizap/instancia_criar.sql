/* pgmigrate-encoding: utf-8 */
create or replace function api.instancia_criar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_nome text, p_canal text, p_url_base text, p_instancia text, p_administrada boolean,
    p_credenciais bytea, p_segredo_hash bytea, p_chave_idempotencia text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_resposta jsonb;
    v_conexao public.conexoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:gerir');
    v_resposta := interno.idempotencia_abrir(p_cliente_id, 'conexao_criar', p_chave_idempotencia, jsonb_build_array(
        p_nome, p_canal, 'UAIZAP', p_url_base, p_administrada
    ));
    if v_resposta is not null then
        return v_resposta;
    end if;
    perform interno.conexoes_limite_conferir(p_cliente_id);
    insert into public.conexoes (cliente_id, id, nome, canal, provedor, status, status_motivo, credenciais, teto_por_segundo)
    values (p_cliente_id, p_id, btrim(p_nome), p_canal, 'UAIZAP', 'ERRO', 'O aparelho ainda não foi conectado', p_credenciais, 15);
    insert into public.conexoes_instancias (cliente_id, conexao_id, url_base, instancia, administrada, segredo_hash)
    values (p_cliente_id, p_id, p_url_base, p_instancia, p_administrada, p_segredo_hash);
    perform interno.instancia_consultar(p_cliente_id, p_id, v_agora);
    perform interno.auditar(p_cliente_id, 'conexao_criada', 'conexoes', p_id, jsonb_build_object('nome', btrim(p_nome), 'provedor', 'UAIZAP'));
    perform interno.avisar(p_cliente_id, 'conexao_mudou', p_id);
    select x.* into v_conexao from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = p_id;
    return interno.idempotencia_fechar(p_cliente_id, 'conexao_criar', p_chave_idempotencia, interno.conexao_json(v_conexao));
end
$$;
comment on function api.instancia_criar(uuid, text, uuid, text, text, text, text, boolean, bytea, bytea, text) is
'Cria a conexão de um aparelho UaiZap, com credenciais já cifradas na borda; ela só envia depois de o aparelho conectar.
Erros: ZCX01 nome repetido; ZLX01 limite do plano; 23514 valor fora da regra.
Efeitos: conexoes, conexoes_instancias, fila, auditoria, eventos, chaves_idempotencia.
Desde: 0.2.0';
