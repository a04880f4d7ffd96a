/* pgmigrate-encoding: utf-8 */
create or replace function api.conexao_desativar(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conexao public.conexoes;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:gerir');
    v_conexao := interno.conexao_travar(p_cliente_id, p_id, p_versao);
    if v_conexao.status <> 'DESATIVADA' then
        update public.conexoes as x set status = 'DESATIVADA', status_motivo = null, suspensa_ate = null, falhas_seguidas = 0
        where x.cliente_id = p_cliente_id and x.id = p_id
        returning x.* into v_conexao;
        perform interno.auditar(p_cliente_id, 'conexao_desativada', 'conexoes', p_id);
    end if;
    return interno.conexao_json(v_conexao);
end
$$;
comment on function api.conexao_desativar(uuid, text, uuid, integer) is
'Deixa de usar uma conexão: nada mais sai por ela até ser ativada.
Erros: ZNX01 conexão não encontrada; ZCG02 versão antiga.
Efeitos: conexoes, auditoria, eventos.
Desde: 0.1.0';
