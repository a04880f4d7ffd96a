/* pgmigrate-encoding: utf-8 */
create or replace function interno.convite_ler(p_cliente_id uuid, p_segredo_hash bytea) returns uuid
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_usuario_id uuid;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    select k.usuario_id into v_usuario_id
    from public.convites as k
    join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = k.usuario_id
    where k.cliente_id = p_cliente_id and k.segredo_hash = p_segredo_hash and k.expira_em > now() and u.ativo;
    if v_usuario_id is null or not interno.cliente_operante(p_cliente_id) then
        raise exception using errcode = 'ZNI05', message = 'este link já foi usado ou venceu: peça outro a quem administra a conta';
    end if;
    return v_usuario_id;
end
$$;
comment on function interno.convite_ler(uuid, bytea) is
'De quem é um link de definir senha que ainda vale.
Erros: ZNI05 link usado, vencido, desconhecido, ou de quem já não pode entrar.
Efeitos: contexto sem usuário.
Desde: 0.3.0';
