/* pgmigrate-encoding: utf-8 */
create or replace function api.instancia_webhook_concluir(p_cliente_id uuid, p_sessao text, p_id uuid, p_segredo_hash bytea) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_conexao public.conexoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:gerir');
    v_conexao := interno.conexao_travar(p_cliente_id, p_id);
    -- of two changes at the same time, only the last one is in force
    update public.conexoes_instancias as i
    set webhook_em = v_agora,
        segredo_anterior_ate = case when i.segredo_anterior_hash is not null then v_agora + interval '2 minutes' end
    where i.cliente_id = p_cliente_id and i.conexao_id = p_id and i.segredo_hash = p_segredo_hash;
    perform interno.avisar(p_cliente_id, 'conexao_mudou', p_id);
    return interno.conexao_json(v_conexao);
end
$$;
comment on function api.instancia_webhook_concluir(uuid, text, uuid, bytea) is
'O servidor UaiZap já conhece o endereço novo do webhook.
Erros: ZNX01 conexão não encontrada.
Efeitos: conexoes_instancias, eventos.
Desde: 0.2.0';
