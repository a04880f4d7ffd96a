/* pgmigrate-encoding: utf-8 */
create or replace function api.conexao_teste_concluir(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer, p_aprovado boolean,
    p_numero_exibicao text default null, p_qualidade text default null, p_codigo integer default null, p_motivo text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conexao public.conexoes;
    v_classe text;
    v_motivo text;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:gerir');
    -- the version that was tested: a credential changed meanwhile was not
    v_conexao := interno.conexao_travar(p_cliente_id, p_id, p_versao);
    select e.classe, e.texto into v_classe, v_motivo
    from public.provedor_erros as e where e.provedor = v_conexao.provedor and e.codigo = p_codigo;
    v_motivo := coalesce(v_motivo, left(p_motivo, 300));
    if p_aprovado then
        update public.conexoes as x set
            status = case when x.status in ('ERRO', 'PAUSADA') then 'ATIVA' else x.status end,
            status_motivo = null, suspensa_ate = null, falhas_seguidas = 0,
            numero_exibicao = coalesce(left(p_numero_exibicao, 30), x.numero_exibicao),
            qualidade = case when p_qualidade in ('GREEN', 'YELLOW', 'RED') then p_qualidade else 'UNKNOWN' end
        where x.cliente_id = p_cliente_id and x.id = p_id
        returning x.* into v_conexao;
    elsif v_classe = 'AUTH' and v_conexao.status in ('ATIVA', 'PAUSADA', 'ERRO') then
        update public.conexoes as x set status = 'ERRO', status_motivo = v_motivo
        where x.cliente_id = p_cliente_id and x.id = p_id
        returning x.* into v_conexao;
    end if;
    perform interno.auditar(p_cliente_id, 'conexao_testada', 'conexoes', p_id,
        jsonb_build_object('aprovado', p_aprovado, 'codigo', p_codigo));
    perform interno.avisar(p_cliente_id, 'conexao_mudou', p_id);
    return jsonb_build_object(
        'aprovado', p_aprovado, 'codigo', p_codigo, 'motivo', case when not p_aprovado then v_motivo end,
        'conexao', interno.conexao_json(v_conexao)
    );
end
$$;
comment on function api.conexao_teste_concluir(uuid, text, uuid, integer, boolean, text, text, integer, text) is
'Registra o resultado do teste feito na borda: aprovado reativa a conexão em erro ou pausada; credencial recusada a põe em erro; o resto não muda o estado.
Erros: ZNX01 conexão não encontrada; ZCG02 a conexão mudou durante o teste.
Efeitos: conexoes, auditoria, eventos.
Desde: 0.1.0';
