/* pgmigrate-encoding: utf-8 */
create or replace function api.senha_trocar(
    p_cliente_id uuid, p_sessao text, p_confere boolean, p_senha_hash_conferida text, p_senha_hash text
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_usuario_id uuid;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    v_usuario_id := interno.usuario_corrente();
    -- a link to choose another has no use any more, but to who found it
    delete from public.convites as k where k.cliente_id = p_cliente_id and k.usuario_id = v_usuario_id;
    update public.logins as l set senha_hash = p_senha_hash, senha_trocada_em = now()
    where l.cliente_id = p_cliente_id and l.usuario_id = v_usuario_id and p_confere and l.senha_hash = p_senha_hash_conferida;
    if not found then
        raise exception using errcode = 'ZRI04', message = 'a senha atual não confere', column = 'senhaAtual';
    end if;
    perform interno.tentativa_esquecer('senha:' || v_usuario_id),
        interno.usuario_sessoes_revogar(p_cliente_id, v_usuario_id, 'SENHA_TROCADA', current_setting('app.sessao_id')::uuid),
        interno.auditar(p_cliente_id, 'senha_trocada', 'usuarios', v_usuario_id);
    return jsonb_build_object('id', v_usuario_id);
end
$$;
comment on function api.senha_trocar(uuid, text, boolean, text, text) is
'Troca a própria senha, depois que a borda conferiu a atual: encerra as outras sessões, e nem entrada pendente nem link de senha valem mais.
Erros: ZAG01 sessão inválida; ZRI04 a senha atual não confere.
Efeitos: logins, convites, sessoes, tentativas_login, auditoria, eventos.
Desde: 0.1.0';
