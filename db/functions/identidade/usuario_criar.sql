/* pgmigrate-encoding: utf-8 */
create or replace function api.usuario_criar(
    p_cliente_id uuid, p_sessao text, p_nome text, p_email text, p_senha_hash text, p_perfil_id uuid,
    p_chave_idempotencia text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_id uuid;
    v_email text := lower(btrim(p_email));
    v_resposta jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'usuarios:gerir');
    -- without the password: its hash is salted anew at each repetition
    v_resposta := interno.idempotencia_abrir(p_cliente_id, 'usuario_criar', p_chave_idempotencia, jsonb_build_array(
        p_nome, v_email, p_perfil_id
    ));
    if v_resposta is not null then
        return v_resposta;
    end if;
    v_id := interno.usuario_inserir(p_cliente_id, p_nome, v_email, p_perfil_id, p_senha_hash);
    return interno.idempotencia_fechar(
        p_cliente_id, 'usuario_criar', p_chave_idempotencia, interno.usuarios_json(p_cliente_id, array[v_id]) -> 0
    );
end
$$;
comment on function api.usuario_criar(uuid, text, text, text, text, uuid, text) is
'Cria um usuário com sua senha inicial.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZPI01 perfil maior que o próprio; ZNI03 perfil não encontrado; ZCI02 e-mail já usado; ZLI02 limite do plano; ZCG03 chave de idempotência.
Efeitos: usuarios, logins, auditoria, eventos, chaves_idempotencia.
Desde: 0.1.0';
