/* pgmigrate-encoding: utf-8 */
create or replace function api.login_concluir(
    p_email text, p_origem inet, p_confere boolean, p_senha_hash_conferida text,
    p_acesso_hash bytea, p_renovacao_hash bytea, p_agente text default null, p_canal text default 'API'
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_email text := lower(btrim(p_email));
    v_origem text := interno.origem_rede(p_origem);
    v_sessao_id uuid := uuidv7();
    v_expira_em timestamptz := now() + case p_canal when 'NAVEGADOR' then interval '12 hours' else interval '30 minutes' end;
    r_login record;
begin
    select l.cliente_id, l.usuario_id, l.senha_hash into r_login from public.logins as l where l.email = v_email;
    if not found then
        return interno.recusa('ZAI01', 'e-mail ou senha não conferem');
    end if;
    perform interno.contexto_trabalho(r_login.cliente_id), set_config('app.usuario_id', r_login.usuario_id::text, true);
    -- the hash is compared again: the password may have been changed while this one was being checked
    if not coalesce(p_confere, false) or r_login.senha_hash is distinct from p_senha_hash_conferida then
        perform interno.auditar(r_login.cliente_id, 'login_recusado', 'usuarios', r_login.usuario_id, jsonb_build_object('origem', p_origem));
        return interno.recusa('ZAI01', 'e-mail ou senha não conferem');
    end if;
    if not exists (
        select from public.usuarios as u where u.cliente_id = r_login.cliente_id and u.id = r_login.usuario_id and u.ativo
    ) then
        return interno.recusa('ZPI02', 'seu acesso está desativado: fale com quem administra a conta');
    end if;
    if not interno.cliente_operante(r_login.cliente_id) then
        return interno.recusa('ZPG02', 'a conta da empresa está inativa ou sem licença válida');
    end if;
    perform interno.tentativa_esquecer('conta:' || v_email), interno.tentativa_esquecer('conta:' || v_email || '|' || v_origem),
        interno.tentativa_devolver('origem:' || v_origem, 100);
    insert into public.sessoes (
        cliente_id, id, usuario_id, acesso_hash, acesso_expira_em, renovacao_hash, renovacao_expira_em, origem, agente, canal
    ) values (
        r_login.cliente_id, v_sessao_id, r_login.usuario_id, p_acesso_hash, v_expira_em,
        p_renovacao_hash, now() + interval '30 days', p_origem, left(p_agente, 300), p_canal
    );
    perform interno.auditar(r_login.cliente_id, 'login_feito', 'sessoes', v_sessao_id, jsonb_build_object('origem', p_origem));
    return jsonb_build_object(
        'clienteId', r_login.cliente_id,
        'expiraEm', v_expira_em,
        'renovacaoExpiraEm', now() + interval '30 days',
        'usuario', interno.identidade_json(r_login.cliente_id, r_login.usuario_id)
    );
end
$$;
comment on function api.login_concluir(text, inet, boolean, text, bytea, bytea, text, text) is
'Abre a sessão de quem a borda conferiu, ou devolve a recusa; só os sha256 dos segredos chegam aqui.
Erros: devolvidos: ZAI01 não confere; ZPI02 usuário desativado; ZPG02 cliente inativo ou sem licença.
Efeitos: sessoes, tentativas_login, auditoria.
Desde: 0.1.0';
