/* pgmigrate-encoding: utf-8 */
create or replace function api.sessao_renovar(
    p_cliente_id uuid, p_renovacao_hash bytea, p_novo_acesso_hash bytea, p_nova_renovacao_hash bytea
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    r_sessao record;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    -- compare-and-set on one row: of any number of parallel uses of one token, one wins
    update public.sessoes as s set
        acesso_hash = p_novo_acesso_hash, acesso_expira_em = v_agora + interval '30 minutes',
        renovacao_hash = p_nova_renovacao_hash, renovacao_expira_em = v_agora + interval '30 days', renovada_em = v_agora
    where s.cliente_id = p_cliente_id and s.renovacao_hash = p_renovacao_hash
        and s.renovacao_expira_em > v_agora and s.revogada_em is null
    returning s.id, s.usuario_id into r_sessao;
    if not found then
        return interno.renovacao_recusar(p_cliente_id, p_renovacao_hash);
    end if;
    perform set_config('app.usuario_id', r_sessao.usuario_id::text, true);
    if not exists (
        select from public.usuarios as u where u.cliente_id = p_cliente_id and u.id = r_sessao.usuario_id and u.ativo
    ) then
        raise exception using errcode = 'ZAI02', message = 'a sessão terminou: entre de novo';
    end if;
    if not interno.cliente_operante(p_cliente_id) then
        raise exception using errcode = 'ZPG02', message = 'a conta da empresa está inativa ou sem licença válida';
    end if;
    insert into public.sessoes_renovacoes (cliente_id, renovacao_hash, sessao_id, usada_em)
    values (p_cliente_id, p_renovacao_hash, r_sessao.id, v_agora);
    return jsonb_build_object(
        'clienteId', p_cliente_id,
        'expiraEm', v_agora + interval '30 minutes',
        'renovacaoExpiraEm', v_agora + interval '30 days'
    );
end
$$;
comment on function api.sessao_renovar(uuid, bytea, bytea, bytea) is
'Troca os dois segredos de uma sessão; cada renovação serve uma vez e reapresentar uma antiga revoga a sessão.
Erros: ZAI02 (devolvido quando há o que lembrar) renovação inválida; ZPG02 cliente inativo ou sem licença.
Efeitos: sessoes, sessoes_renovacoes, auditoria e eventos no reuso.
Desde: 0.1.0';
