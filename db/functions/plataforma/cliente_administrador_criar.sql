/* pgmigrate-encoding: utf-8 */
create or replace function plataforma.cliente_administrador_criar(
    p_cliente_id uuid, p_nome text, p_email text, p_senha_hash text
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_id uuid := uuidv7();
    v_perfil_id uuid;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    select p.id into v_perfil_id from public.perfis as p
    where p.cliente_id = p_cliente_id and p.codigo = 'ADMINISTRADOR';
    if not found then
        raise exception using errcode = 'ZNS02', message = 'cliente não encontrado';
    end if;
    insert into public.usuarios (cliente_id, id, perfil_id, nome, email)
    values (p_cliente_id, v_id, v_perfil_id, btrim(p_nome), lower(btrim(p_email)));
    insert into public.logins (email, cliente_id, usuario_id, senha_hash)
    values (lower(btrim(p_email)), p_cliente_id, v_id, p_senha_hash);
    perform interno.usuarios_limite_conferir(p_cliente_id);
    perform interno.auditar(p_cliente_id, 'usuario_criado', 'usuarios', v_id, jsonb_build_object('pelaPlataforma', true));
    return jsonb_build_object('usuarioId', v_id);
end
$$;
comment on function plataforma.cliente_administrador_criar(uuid, text, text, text) is
'Dá mais um administrador a um cliente, por exemplo a quem perdeu o acesso.
Erros: ZNS02 cliente não encontrado; ZCI02 e-mail já usado; ZLI02 limite do plano.
Efeitos: usuarios, logins, auditoria.
Desde: 0.1.0';
