/* pgmigrate-encoding: utf-8 */
create or replace function interno.sessao_abrir(
    p_cliente_id uuid, p_usuario_id uuid, p_email text, p_origem inet, p_acesso_hash bytea, p_renovacao_hash bytea,
    p_agente text, p_canal text, p_fator text
) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_origem text := interno.origem_rede(p_origem);
    v_sessao_id uuid := uuidv7();
    v_expira_em timestamptz := now() + case p_canal when 'NAVEGADOR' then interval '12 hours' else interval '30 minutes' end;
begin
    perform interno.tentativa_esquecer('conta:' || p_email), interno.tentativa_esquecer('conta:' || p_email || '|' || v_origem),
        interno.tentativa_devolver('origem:' || v_origem, 100);
    insert into public.sessoes (
        cliente_id, id, usuario_id, acesso_hash, acesso_expira_em, renovacao_hash, renovacao_expira_em, origem, agente, canal, fator
    ) values (
        p_cliente_id, v_sessao_id, p_usuario_id, p_acesso_hash, v_expira_em,
        p_renovacao_hash, now() + interval '30 days', p_origem, left(p_agente, 300), p_canal, nullif(p_fator, 'DISPENSA')
    );
    perform interno.auditar(p_cliente_id, 'login_feito', 'sessoes', v_sessao_id, jsonb_build_object(
        'origem', p_origem, 'fator', nullif(p_fator, 'DISPENSA')
    ));
    return jsonb_build_object(
        'clienteId', p_cliente_id,
        'expiraEm', v_expira_em,
        'renovacaoExpiraEm', now() + interval '30 days',
        'usuario', interno.identidade_json(p_cliente_id, p_usuario_id)
    );
end
$$;
comment on function interno.sessao_abrir(uuid, uuid, text, inet, bytea, bytea, text, text, text) is
'Abre a sessão de quem provou quem é; só os sha256 dos segredos chegam aqui. p_fator: o que interno.fator_provar disse.
Erros: ZAI03 quando a pessoa tem segundo fator e não há prova dele.
Efeitos: sessoes, tentativas_login, auditoria.
Desde: 0.3.0';
