/* pgmigrate-encoding: utf-8 */
create or replace function interno.importacao_seguir(p_cliente_id uuid, p_id uuid, p_agora timestamptz) returns boolean
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_importacao public.importacoes;
    v_ordem integer;
begin
    select i.* into v_importacao from public.importacoes as i where i.cliente_id = p_cliente_id and i.id = p_id for update;
    if not found or v_importacao.status <> 'EM_ANDAMENTO' then
        return false;
    end if;
    select min(k.ordem) into v_ordem
    from public.importacoes_lotes as k
    where k.cliente_id = p_cliente_id and k.importacao_id = p_id and k.feito_em is null;
    perform interno.importacao_contexto(p_cliente_id, v_importacao.usuario_id);
    if v_ordem is null then
        update public.importacoes as i set status = 'CONCLUIDA', concluida_em = p_agora where i.cliente_id = p_cliente_id and i.id = p_id;
        perform interno.auditar(p_cliente_id, 'importacao_concluida', 'importacoes', p_id);
        perform interno.avisar(p_cliente_id, 'contatos_importados', p_cliente_id);
    elsif not interno.usuario_pode(p_cliente_id, v_importacao.usuario_id, 'contatos:importar') then
        update public.importacoes as i
        set status = 'FALHOU', concluida_em = p_agora, status_motivo = 'quem iniciou não pode mais importar contatos'
        where i.cliente_id = p_cliente_id and i.id = p_id;
        v_ordem := null;
    else
        perform interno.importacao_lote_gravar(v_importacao, v_ordem, p_agora);
    end if;
    perform interno.importacao_contexto(p_cliente_id, null);
    return v_ordem is not null;
end
$$;
comment on function interno.importacao_seguir(uuid, uuid, timestamptz) is
'Um passo de uma importação: o próximo lote entra, ou ela se conclui. Devolve se ainda há o que fazer.
Erros: os de importacao_lote_gravar.
Efeitos: os de importacao_lote_gravar; importacoes, auditoria, eventos.
Desde: 0.3.0';
