/* pgmigrate-encoding: utf-8 */
create or replace function api.instancia_segredo_trocar(p_cliente_id uuid, p_sessao text, p_id uuid, p_segredo_hash bytea) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conexao public.conexoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:gerir');
    v_conexao := interno.conexao_travar(p_cliente_id, p_id);
    -- the one that the server knows stays good until it knows the new one
    update public.conexoes_instancias as i
    set segredo_anterior_hash = case when i.webhook_em is null then coalesce(i.segredo_anterior_hash, i.segredo_hash) else i.segredo_hash end,
        segredo_anterior_ate = null, segredo_hash = p_segredo_hash, webhook_em = null
    where i.cliente_id = p_cliente_id and i.conexao_id = p_id;
    if not found then
        raise exception using errcode = 'ZRX17', message = 'esta conexão não é de um aparelho: mude as credenciais', column = 'instancia';
    end if;
    perform interno.auditar(p_cliente_id, 'conexao_segredo_trocado', 'conexoes', p_id);
    return interno.conexao_json(v_conexao);
end
$$;
comment on function api.instancia_segredo_trocar(uuid, text, uuid, bytea) is
'Troca o segredo do endereço do webhook de um aparelho; o anterior vale até instancia_webhook_concluir e por mais dois minutos.
Erros: ZNX01 conexão não encontrada; ZRX17 a conexão não é de um aparelho.
Efeitos: conexoes_instancias, auditoria.
Desde: 0.2.0';
