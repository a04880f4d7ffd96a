/* pgmigrate-encoding: utf-8 */
create or replace function api.login_fator_concluir(
    p_cliente_id uuid, p_pendente_hash bytea, p_origem inet, p_fator_id uuid, p_passo bigint, p_reserva_hash bytea,
    p_acesso_hash bytea, p_renovacao_hash bytea, p_agente text default null, p_canal text default 'NAVEGADOR'
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_login public.logins;
    v_fator text;
    v_recusa jsonb;
begin
    v_login := interno.pendente_ler(p_cliente_id, p_pendente_hash);
    v_recusa := interno.acesso_recusar(p_cliente_id, v_login.usuario_id);
    if v_recusa is null then
        v_fator := interno.fator_provar(p_cliente_id, v_login.usuario_id, p_fator_id, p_passo, p_reserva_hash);
        if v_fator = 'DISPENSA' then
            -- taken away since it was read: what would open a session now is the password, said anew
            raise exception using errcode = 'ZAI06', message = 'o segundo fator desta conta mudou: entre de novo com a senha';
        end if;
        v_recusa := interno.fator_recusar(p_cliente_id, v_login.usuario_id, p_origem, v_fator);
    end if;
    if v_recusa is not null then
        return v_recusa;
    end if;
    -- worth one session, however many say a code with it at once
    delete from public.logins_pendentes as p where p.cliente_id = p_cliente_id and p.segredo_hash = p_pendente_hash;
    if not found then
        raise exception using errcode = 'ZAI05', message = 'o tempo para dizer o código acabou: entre de novo';
    end if;
    return interno.sessao_abrir(
        p_cliente_id, v_login.usuario_id, v_login.email, p_origem, p_acesso_hash, p_renovacao_hash, p_agente, p_canal, v_fator
    );
end
$$;
comment on function api.login_fator_concluir(uuid, bytea, inet, uuid, bigint, bytea, bytea, bytea, text, text) is
'Abre a sessão de quem já tinha acertado a senha e agora provou o segundo fator, ou devolve a recusa.
Erros: ZAI05 a entrada pendente não vale; ZAI06 o segundo fator foi tirado ou trocado; devolvidos: ZPI02 usuário desativado; ZPG02 cliente inativo ou sem licença; ZAI03 falta o código; ZAI04 o código não confere ou já serviu.
Efeitos: sessoes, logins_pendentes, fatores, fatores_reservas, tentativas_login, auditoria.
Desde: 0.3.0';
