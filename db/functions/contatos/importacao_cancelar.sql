/* pgmigrate-encoding: utf-8 */
create or replace function api.importacao_cancelar(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_importacao public.importacoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:importar');
    v_importacao := interno.importacao_travar(p_cliente_id, p_id);
    if v_importacao.status <> 'CANCELADA' then
        update public.importacoes as i set status = 'CANCELADA', concluida_em = v_agora where i.cliente_id = p_cliente_id and i.id = p_id
        returning i.* into v_importacao;
        update public.importacoes_lotes as k set cruas = null, lidas = null where k.cliente_id = p_cliente_id and k.importacao_id = p_id;
        perform interno.auditar(p_cliente_id, 'importacao_cancelada', 'importacoes', p_id);
    end if;
    return interno.importacao_json(v_importacao);
end
$$;
comment on function api.importacao_cancelar(uuid, text, uuid) is
'Para uma importação em andamento: o que já entrou fica. Repetir responde o mesmo.
Erros: ZNC04 importação não encontrada; ZCG01 não está em andamento.
Efeitos: importacoes, importacoes_lotes, auditoria, eventos.
Desde: 0.3.0';
