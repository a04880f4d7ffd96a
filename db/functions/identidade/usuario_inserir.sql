/* pgmigrate-encoding: utf-8 */
create or replace function interno.usuario_inserir(
    p_cliente_id uuid, p_nome text, p_email text, p_perfil_id uuid, p_senha_hash text
) returns uuid
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_id uuid := uuidv7();
    v_email text := lower(btrim(p_email));
begin
    perform interno.perfil_alcance_conferir(p_cliente_id, p_perfil_id);
    insert into public.usuarios (cliente_id, id, perfil_id, nome, email)
    values (p_cliente_id, v_id, p_perfil_id, btrim(p_nome), v_email);
    insert into public.logins (email, cliente_id, usuario_id, senha_hash)
    values (v_email, p_cliente_id, v_id, p_senha_hash);
    perform interno.usuarios_limite_conferir(p_cliente_id);
    perform interno.auditar(p_cliente_id, 'usuario_criado', 'usuarios', v_id, jsonb_build_object('perfilId', p_perfil_id));
    return v_id;
end
$$;
comment on function interno.usuario_inserir(uuid, text, text, uuid, text) is
'Cria um usuário que quem age pode criar, se ainda cabe no plano.
Erros: ZPI01 perfil maior que o próprio; ZNI03 perfil não encontrado; ZCI02 e-mail já usado; ZRI06 e-mail inválido; ZRI07 nome; ZLI02 limite do plano.
Efeitos: usuarios, logins, auditoria, eventos.
Desde: 0.3.0';
