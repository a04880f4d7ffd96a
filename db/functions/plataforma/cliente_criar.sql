/* pgmigrate-encoding: utf-8 */
create or replace function plataforma.cliente_criar(
    p_nome text, p_plano text, p_usuario_nome text, p_email text, p_senha_hash text
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_cliente_id uuid := uuidv7();
    v_perfil_id uuid;
    v_usuario_id uuid;
begin
    perform interno.contexto_trabalho(v_cliente_id);
    insert into public.clientes (id, nome, plano_id)
    select v_cliente_id, btrim(p_nome), p.id from public.planos as p where p.codigo = p_plano;
    if not found then
        raise exception using errcode = 'ZNS01', message = 'plano não encontrado', column = 'plano';
    end if;
    insert into public.licencas (cliente_id) values (v_cliente_id);
    perform interno.perfis_padrao_criar(v_cliente_id), interno.motivos_padrao_criar(v_cliente_id);
    select p.id into v_perfil_id from public.perfis as p where p.cliente_id = v_cliente_id and p.codigo = 'ADMINISTRADOR';
    insert into public.usuarios (cliente_id, perfil_id, nome, email)
    values (v_cliente_id, v_perfil_id, p_usuario_nome, lower(p_email))
    returning id into v_usuario_id;
    insert into public.logins (email, cliente_id, usuario_id, senha_hash)
    values (lower(p_email), v_cliente_id, v_usuario_id, p_senha_hash)
    on conflict (email) do nothing;
    if not found then
        raise exception using errcode = 'ZCI02', message = 'já existe um usuário com este e-mail', column = 'email';
    end if;
    perform interno.auditar(v_cliente_id, 'cliente_criado', 'clientes', v_cliente_id);
    return jsonb_build_object('clienteId', v_cliente_id, 'usuarioId', v_usuario_id);
end
$$;
comment on function plataforma.cliente_criar(text, text, text, text, text) is
'Cria um cliente com licença, os três perfis, os motivos de resolução e seu primeiro administrador.
Erros: ZNS01 plano não encontrado; ZCI02 e-mail já usado; 23514 valor fora da regra.
Efeitos: clientes, licencas, perfis, perfis_permissoes, motivos_resolucao, usuarios, logins, auditoria.
Desde: 0.1.0';
