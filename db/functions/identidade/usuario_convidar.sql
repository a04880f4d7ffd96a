/* pgmigrate-encoding: utf-8 */
create or replace function api.usuario_convidar(
    p_cliente_id uuid, p_sessao text, p_nome text, p_email text, p_perfil_id uuid, p_senha_hash text, p_segredo_hash bytea,
    p_equipe_ids uuid[] default '{}', p_chave_idempotencia text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_id uuid;
    v_resposta jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'usuarios:gerir');
    v_resposta := interno.idempotencia_abrir(p_cliente_id, 'usuario_convidar', p_chave_idempotencia, jsonb_build_array(
        p_nome, lower(btrim(p_email)), p_perfil_id, p_equipe_ids
    ));
    if v_resposta is not null then
        return v_resposta;
    end if;
    v_id := interno.usuario_inserir(p_cliente_id, p_nome, p_email, p_perfil_id, p_senha_hash);
    -- before the teams: a queue gives nothing to who was never here
    update public.usuarios as u set disponibilidade = 'AUSENTE' where u.cliente_id = p_cliente_id and u.id = v_id;
    perform interno.usuario_equipes_definir(p_cliente_id, v_id, coalesce(p_equipe_ids, '{}'));
    return interno.idempotencia_fechar(
        p_cliente_id, 'usuario_convidar', p_chave_idempotencia, interno.convite_gravar(p_cliente_id, v_id, p_segredo_hash)
    );
end
$$;
comment on function api.usuario_convidar(uuid, text, text, text, uuid, text, bytea, uuid[], text) is
'Cria um usuário, em suas equipes, com um link de uso único para definir a própria senha; até lá a senha é uma que ninguém sabe, e a pessoa está AUSENTE.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão (equipes pedem também equipes:gerir); ZPI01 perfil maior que o próprio; ZNI03 perfil não encontrado; ZNI04 equipe não encontrada; ZCI02 e-mail já usado; ZRI06 e-mail inválido; ZRI07 nome; ZLI02 limite do plano; ZCG03 chave de idempotência.
Efeitos: usuarios, logins, equipes_membros, convites, auditoria, eventos, chaves_idempotencia.
Desde: 0.3.0';
