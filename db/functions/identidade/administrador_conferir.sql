/* pgmigrate-encoding: utf-8 */
create or replace function interno.administrador_conferir(p_cliente_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform interno.usuarios_travar(p_cliente_id);
    if not exists (
        select from public.usuarios as u
        join public.perfis as p on p.cliente_id = p_cliente_id and p.id = u.perfil_id
        where u.cliente_id = p_cliente_id and u.ativo and p.codigo = 'ADMINISTRADOR'
    ) then
        raise exception using errcode = 'ZRI01', message = 'a conta precisa de ao menos um administrador ativo';
    end if;
end
$$;
comment on function interno.administrador_conferir(uuid) is
'Depois de desativar ou rebaixar alguém: ainda há um administrador ativo.
Erros: ZRI01.
Efeitos: trava a contagem de usuários.
Desde: 0.1.0';
