/* pgmigrate-encoding: utf-8 */
create or replace function interno.fusao_anotar(
    p_cliente_id uuid, p_fusao_id uuid, p_tabela text, p_alvo_id uuid, p_antes jsonb default '{}', p_depois jsonb default '{}'
) returns void
language sql volatile security invoker set search_path = ''
as $$
    -- only what changed, so that separating leaves the rest alone
    insert into public.contatos_fusoes_itens (cliente_id, fusao_id, tabela, alvo_id, antes, depois)
    select p_cliente_id, p_fusao_id, p_tabela, p_alvo_id,
        coalesce(jsonb_object_agg(a.key, a.value) filter (where a.value is distinct from p_depois -> a.key), '{}'),
        coalesce(jsonb_object_agg(a.key, p_depois -> a.key) filter (where a.value is distinct from p_depois -> a.key), '{}')
    from jsonb_each(p_antes) as a
    where a.key not in ('versao', 'atualizado_em', 'nome_busca', 'email_busca');
$$;
comment on function interno.fusao_anotar(uuid, uuid, text, uuid, jsonb, jsonb) is
'Anota uma linha que a fusão mudou: as colunas que eram diferentes, antes e depois.
Erros: nenhum.
Efeitos: contatos_fusoes_itens.
Desde: 0.3.0';
