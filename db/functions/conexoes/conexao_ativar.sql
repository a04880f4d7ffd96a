/* pgmigrate-encoding: utf-8 */
create or replace function api.conexao_ativar(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conexao public.conexoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:gerir');
    v_conexao := interno.conexao_travar(p_cliente_id, p_id, p_versao);
    if v_conexao.status <> 'ATIVA' then
        update public.conexoes as x set status = 'ATIVA', status_motivo = null, suspensa_ate = null, falhas_seguidas = 0
        where x.cliente_id = p_cliente_id and x.id = p_id
        returning x.* into v_conexao;
        v_conexao := coalesce(interno.instancia_conferir(p_cliente_id, p_id), v_conexao);
        perform interno.auditar(p_cliente_id, 'conexao_ativada', 'conexoes', p_id);
        perform interno.conexao_consulta_agendar(p_cliente_id, p_id, now());
    end if;
    return interno.conexao_json(v_conexao);
end
$$;
comment on function api.conexao_ativar(uuid, text, uuid, integer) is
'Volta a usar uma conexão pausada, em erro ou desativada; a de um aparelho desconectado fica em erro até ele voltar.
Erros: ZNX01 conexão não encontrada; ZCG02 versão antiga.
Efeitos: conexoes, fila, auditoria, eventos.
Desde: 0.1.0';
