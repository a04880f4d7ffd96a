/* pgmigrate-encoding: utf-8 */
create or replace function api.usuario_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_nome text default null, p_email text default null,
    p_perfil_id uuid default null, p_senha_hash text default null, p_versao integer default null,
    p_equipe_ids uuid[] default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_perfil_id uuid;
    v_email text := lower(btrim(p_email));
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'usuarios:gerir');
    v_perfil_id := interno.usuario_travar(p_cliente_id, p_id, p_versao);
    if p_senha_hash is not null and p_id = interno.usuario_corrente() then
        raise exception using errcode = 'ZRI05', message = 'para trocar a própria senha, confirme a atual', column = 'senha';
    end if;
    if p_perfil_id <> v_perfil_id then
        perform interno.perfil_alcance_conferir(p_cliente_id, p_perfil_id);
    end if;
    update public.usuarios as u set
        nome = coalesce(btrim(p_nome), u.nome), email = coalesce(v_email, u.email), perfil_id = coalesce(p_perfil_id, u.perfil_id)
    where u.cliente_id = p_cliente_id and u.id = p_id;
    update public.logins as l set
        email = coalesce(v_email, l.email), senha_hash = coalesce(p_senha_hash, l.senha_hash),
        senha_trocada_em = case when p_senha_hash is null then l.senha_trocada_em else now() end
    where l.cliente_id = p_cliente_id and l.usuario_id = p_id;
    if p_equipe_ids is not null then
        perform interno.usuario_equipes_definir(p_cliente_id, p_id, p_equipe_ids);
    end if;
    if p_perfil_id <> v_perfil_id then
        perform interno.administrador_conferir(p_cliente_id);
    end if;
    if p_senha_hash is not null then
        perform interno.usuario_sessoes_revogar(p_cliente_id, p_id, 'ADMINISTRADOR');
    end if;
    perform interno.auditar(p_cliente_id, 'usuario_atualizado', 'usuarios', p_id, jsonb_build_object(
        'perfilDe', v_perfil_id, 'perfilPara', coalesce(p_perfil_id, v_perfil_id), 'trocouEmail', p_email is not null,
        'trocouSenha', p_senha_hash is not null
    ));
    return interno.usuarios_json(p_cliente_id, array[p_id]) -> 0;
end
$$;
comment on function api.usuario_atualizar(uuid, text, uuid, text, text, uuid, text, integer, uuid[]) is
'Muda nome, e-mail, perfil, senha ou as equipes de um usuário (nulo = fica como está; equipes pedem também equipes:gerir); perfil vale na chamada seguinte, senha encerra as sessões dele.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZPI01 acesso maior que o próprio; ZNI02 usuário não encontrado; ZNI03 perfil não encontrado; ZNI04 equipe não encontrada; ZCG02 versão antiga; ZCI02 e-mail já usado; ZRI01 último administrador; ZRI05 própria senha.
Efeitos: usuarios, logins, equipes_membros, conversas, sessoes, auditoria, eventos.
Desde: 0.1.0';
