/* pgmigrate-encoding: utf-8 */
create or replace function api.convite_aceitar(p_cliente_id uuid, p_segredo_hash bytea, p_senha_hash text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_usuario_id uuid;
    v_email text;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    -- the person before the link, as whoever invites or deactivates
    perform from public.usuarios as u
    where u.cliente_id = p_cliente_id and u.id in (
        select k.usuario_id from public.convites as k where k.cliente_id = p_cliente_id and k.segredo_hash = p_segredo_hash
    )
    for no key update;
    -- locked before it is read: of any number of parallel uses of one link, one wins
    perform from public.convites as k where k.cliente_id = p_cliente_id and k.segredo_hash = p_segredo_hash for update;
    v_usuario_id := interno.convite_ler(p_cliente_id, p_segredo_hash);
    perform set_config('app.usuario_id', v_usuario_id::text, true);
    delete from public.convites as k where k.cliente_id = p_cliente_id and k.usuario_id = v_usuario_id;
    update public.logins as l set senha_hash = p_senha_hash, senha_trocada_em = now()
    where l.cliente_id = p_cliente_id and l.usuario_id = v_usuario_id
    returning l.email into v_email;
    update public.usuarios as u set disponibilidade = 'DISPONIVEL', disponibilidade_em = now()
    where u.cliente_id = p_cliente_id and u.id = v_usuario_id and u.disponibilidade = 'AUSENTE' and not exists (
        select from public.sessoes as s where s.cliente_id = p_cliente_id and s.usuario_id = v_usuario_id
    );
    perform interno.tentativa_esquecer('conta:' || v_email),
        interno.usuario_sessoes_revogar(p_cliente_id, v_usuario_id, 'SENHA_TROCADA'),
        interno.auditar(p_cliente_id, 'convite_aceito', 'usuarios', v_usuario_id);
    return jsonb_build_object('id', v_usuario_id, 'email', v_email);
end
$$;
comment on function api.convite_aceitar(uuid, bytea, text) is
'Define a senha de quem abriu o link, uma vez só, e encerra as sessões que ele tivesse; quem nunca tinha entrado passa a DISPONIVEL.
Erros: ZNI05 link usado, vencido ou desconhecido.
Efeitos: convites, logins, usuarios, sessoes, tentativas_login, auditoria, eventos.
Desde: 0.3.0';
