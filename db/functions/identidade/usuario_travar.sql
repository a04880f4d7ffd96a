/* pgmigrate-encoding: utf-8 */
create or replace function interno.usuario_travar(p_cliente_id uuid, p_id uuid, p_versao integer) returns uuid
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_usuario record;
begin
    select u.perfil_id, u.versao into r_usuario from public.usuarios as u
    where u.cliente_id = p_cliente_id and u.id = p_id
    for no key update;
    if not found then
        raise exception using errcode = 'ZNI02', message = 'usuário não encontrado';
    end if;
    perform interno.versao_conferir(r_usuario.versao, p_versao),
        interno.perfil_alcance_conferir(p_cliente_id, r_usuario.perfil_id);
    return r_usuario.perfil_id;
end
$$;
comment on function interno.usuario_travar(uuid, uuid, integer) is
'Trava um usuário para mudança, se a versão é a lida e o perfil dele não é maior que o de quem age; devolve o perfil.
Erros: ZNI02 usuário não encontrado; ZCG02 versão antiga; ZPI01 perfil maior que o próprio.
Efeitos: trava a linha.
Desde: 0.1.0';
