/* pgmigrate-encoding: utf-8 */
create or replace function api.login_concluir(
    p_email text, p_origem inet, p_confere boolean, p_senha_hash_conferida text,
    p_acesso_hash bytea, p_renovacao_hash bytea, p_agente text default null, p_canal text default 'API',
    p_fator_id uuid default null, p_passo bigint default null, p_reserva_hash bytea default null, p_pendente_hash bytea default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_email text := lower(btrim(p_email));
    v_fator text;
    v_recusa jsonb;
    r_login record;
begin
    select l.cliente_id, l.usuario_id into r_login from public.logins as l where l.email = v_email;
    if not found then
        return interno.recusa('ZAI01', 'e-mail ou senha não conferem');
    end if;
    perform interno.contexto_trabalho(r_login.cliente_id), set_config('app.usuario_id', r_login.usuario_id::text, true);
    -- the hash is compared again: the password may have been changed while this one was being checked; locked, so that
    -- a change that comes now ends the session that this opens
    perform from public.logins as l
    where l.cliente_id = r_login.cliente_id and l.usuario_id = r_login.usuario_id and l.senha_hash = p_senha_hash_conferida
        and p_confere
    for share;
    if not found then
        perform interno.auditar(r_login.cliente_id, 'login_recusado', 'usuarios', r_login.usuario_id, jsonb_build_object('origem', p_origem));
        return interno.recusa('ZAI01', 'e-mail ou senha não conferem');
    end if;
    v_recusa := interno.acesso_recusar(r_login.cliente_id, r_login.usuario_id);
    if v_recusa is null then
        v_fator := interno.fator_provar(r_login.cliente_id, r_login.usuario_id, p_fator_id, p_passo, p_reserva_hash);
        v_recusa := interno.fator_recusar(r_login.cliente_id, r_login.usuario_id, p_origem, v_fator);
    end if;
    if v_fator = 'FALTA' and p_pendente_hash is not null then
        delete from public.logins_pendentes as p
        where p.cliente_id = r_login.cliente_id and p.usuario_id = r_login.usuario_id and p.expira_em <= now();
        insert into public.logins_pendentes (cliente_id, segredo_hash, usuario_id, fator_id, senha_prova, expira_em)
        select
            f.cliente_id, p_pendente_hash, f.usuario_id, f.id,
            sha256(convert_to(p_senha_hash_conferida, 'UTF8')), now() + interval '10 minutes'
        from public.fatores as f
        where f.cliente_id = r_login.cliente_id and f.usuario_id = r_login.usuario_id and f.ativado_em is not null;
    end if;
    return coalesce(v_recusa, interno.sessao_abrir(
        r_login.cliente_id, r_login.usuario_id, v_email, p_origem, p_acesso_hash, p_renovacao_hash, p_agente, p_canal, v_fator
    ));
end
$$;
comment on function api.login_concluir(text, inet, boolean, text, bytea, bytea, text, text, uuid, bigint, bytea, bytea) is
'Abre a sessão de quem a borda conferiu, ou devolve a recusa; só os sha256 dos segredos chegam aqui. Quem tem segundo fator prova-o na mesma chamada; com p_pendente_hash, quem só acertou a senha tem 10 minutos para dizer o código a api.login_fator_concluir.
Erros: devolvidos: ZAI01 não confere; ZPI02 usuário desativado; ZPG02 cliente inativo ou sem licença; ZAI03 falta o código; ZAI04 o código não confere ou já serviu.
Efeitos: sessoes, logins_pendentes, fatores, fatores_reservas, tentativas_login, auditoria.
Desde: 0.1.0';
