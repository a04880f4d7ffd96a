/* pgmigrate-encoding: utf-8 */
create or replace function api.importacao_lote_concluir(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_ordem integer, p_linhas jsonb, p_versao integer
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_recusadas jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:importar');
    if (interno.importacao_travar(p_cliente_id, p_id, p_versao)).status <> 'LENDO' then
        raise exception using errcode = 'ZCC10', message = 'esta importação não está mais nesse passo: recarregue a página';
    end if;
    v_recusadas := interno.importacao_lote_julgar(p_cliente_id, p_id, p_ordem, p_linhas, v_agora);
    if not exists (
        select from public.importacoes_lotes as k where k.cliente_id = p_cliente_id and k.importacao_id = p_id and k.lida_em is null
    ) then
        update public.importacoes as i set status = 'CONFERIDA' where i.cliente_id = p_cliente_id and i.id = p_id;
    end if;
    return jsonb_build_object('recusadas', (
        select coalesce(jsonb_agg(r.value -> 'linha'), '[]') from jsonb_array_elements(v_recusadas) as r
    ));
end
$$;
comment on function api.importacao_lote_concluir(uuid, text, uuid, integer, jsonb, integer) is
'Recebe de volta um lote mapeado e julga cada linha; devolve as que não entram. Com o último, a importação está conferida.
Erros: ZNC04 importação não encontrada; ZCG02 outra leitura começou; ZCC10 não está sendo lida; 22* quando não é uma lista de objetos.
Efeitos: importacoes, importacoes_lotes, eventos.
Desde: 0.3.0';
