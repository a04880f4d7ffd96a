/* pgmigrate-encoding: utf-8 */
create or replace function interno.convite_gravar(p_cliente_id uuid, p_usuario_id uuid, p_segredo_hash bytea) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_validade constant interval := interval '72 hours';
    v_convite public.convites;
begin
    insert into public.convites as k (cliente_id, usuario_id, segredo_hash, criado_por, expira_em)
    values (p_cliente_id, p_usuario_id, p_segredo_hash, interno.usuario_corrente(), now() + c_validade)
    on conflict on constraint convites_cliente_id_usuario_id_key do update set
        segredo_hash = excluded.segredo_hash, criado_por = excluded.criado_por, criado_em = excluded.criado_em,
        expira_em = excluded.expira_em
    returning k.* into v_convite;
    perform interno.auditar(p_cliente_id, 'convite_criado', 'usuarios', p_usuario_id);
    return jsonb_build_object('usuarioId', v_convite.usuario_id, 'expiraEm', v_convite.expira_em);
end
$$;
comment on function interno.convite_gravar(uuid, uuid, bytea) is
'Dá a um usuário um link de uso único, por 72 horas, para definir a própria senha; o que ele tinha deixa de valer.
Erros: nenhum.
Efeitos: convites, auditoria.
Desde: 0.3.0';
