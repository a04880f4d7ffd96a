/* pgmigrate-encoding: utf-8 */
create or replace function api.importacao_iniciar(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_importacao public.importacoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:importar');
    v_importacao := interno.importacao_travar(p_cliente_id, p_id, p_versao);
    if v_importacao.status <> 'CONFERIDA' then
        raise exception using errcode = 'ZCC10', message = 'esta importação não está mais nesse passo: recarregue a página';
    elsif not exists (
        select from public.importacoes_lotes as k
        where k.cliente_id = p_cliente_id and k.importacao_id = p_id and jsonb_array_length(k.lidas) > 0
    ) then
        raise exception using errcode = 'ZRC10', message = 'nenhuma linha deste arquivo pode entrar';
    end if;
    update public.importacoes as i set status = 'EM_ANDAMENTO', iniciada_em = v_agora, usuario_id = interno.usuario_corrente()
    where i.cliente_id = p_cliente_id and i.id = p_id
    returning i.* into v_importacao;
    insert into public.fila (cliente_id, tipo, prioridade, executar_em, alvo_id)
    values (p_cliente_id, 'contatos_importar', 5, v_agora, p_id)
    on conflict (cliente_id, tipo, alvo_id) do nothing;
    perform interno.auditar(p_cliente_id, 'importacao_iniciada', 'importacoes', p_id, jsonb_build_object('total', v_importacao.total));
    return interno.importacao_json(v_importacao);
end
$$;
comment on function api.importacao_iniciar(uuid, text, uuid, integer) is
'Põe na fila a importação conferida: ela entra lote a lote, em nome de quem a iniciou, e uma queda no meio não perde nem repete nada.
Erros: ZNC04 importação não encontrada; ZCG02 versão antiga; ZCC10 não está conferida, ou já começou; ZRC10 nada a importar.
Efeitos: importacoes, fila, auditoria, eventos.
Desde: 0.3.0';
