/* pgmigrate-encoding: utf-8 */
create or replace function api.importacao_remover(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_importacao public.importacoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:importar');
    v_importacao := interno.importacao_travar(p_cliente_id, p_id);
    if v_importacao.status = 'EM_ANDAMENTO' then
        raise exception using errcode = 'ZCC11', message = 'esta importação está em andamento: cancele-a antes';
    end if;
    delete from public.importacoes as i where i.cliente_id = p_cliente_id and i.id = p_id;
    perform interno.auditar(p_cliente_id, 'importacao_removida', 'importacoes', p_id);
    return jsonb_build_object('id', p_id, 'versao', v_importacao.versao);
end
$$;
comment on function api.importacao_remover(uuid, text, uuid) is
'Descarta uma importação que não está em andamento, com as linhas que guardava; os contatos que entraram ficam.
Erros: ZNC04 importação não encontrada; ZCC11 está em andamento.
Efeitos: importacoes, importacoes_lotes, auditoria, eventos.
Desde: 0.3.0';
