/* pgmigrate-encoding: utf-8 */
create or replace function api.conexao_remover(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conexao public.conexoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:gerir');
    v_conexao := interno.conexao_travar(p_cliente_id, p_id, p_versao);
    if exists (
        select from public.campanhas as c
        where c.cliente_id = p_cliente_id and c.conexao_id = p_id and c.status in ('AGENDADA', 'EM_ANDAMENTO', 'PAUSADA')
    ) then
        raise exception using errcode = 'ZCX03',
            message = 'há campanhas agendadas ou em andamento nesta conexão: cancele ou conclua antes';
    end if;
    -- history keeps referring to the row; the secret has no reason to outlive the connection
    update public.conexoes as x set
        status = 'DESATIVADA', removido_em = now(), credenciais = decode(repeat('00', 30), 'hex'),
        verificacao_hash = null, segredo_impressao = null
    where x.cliente_id = p_cliente_id and x.id = p_id
    returning x.* into v_conexao;
    delete from public.conexoes_instancias as i where i.cliente_id = p_cliente_id and i.conexao_id = p_id;
    perform interno.auditar(p_cliente_id, 'conexao_removida', 'conexoes', p_id, jsonb_build_object('nome', v_conexao.nome));
    return jsonb_build_object('id', p_id, 'versao', v_conexao.versao);
end
$$;
comment on function api.conexao_remover(uuid, text, uuid, integer) is
'Remove a conexão: a linha fica para o histórico, sem credenciais, e o número pode ser conectado de novo.
Erros: ZNX01 conexão não encontrada; ZCG02 versão antiga; ZCX03 há campanhas abertas nela.
Efeitos: conexoes, conexoes_instancias, auditoria, eventos.
Desde: 0.1.0';
