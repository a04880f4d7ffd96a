/* pgmigrate-encoding: utf-8 */
create or replace function interno.concessao_conferir(p_cliente_id uuid, p_permissoes text[], p_visibilidade text) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_alcances constant text[] := array['PROPRIA', 'EQUIPE', 'TODAS'];
    r_meu record;
begin
    select p.visibilidade, array(
        select pp.permissao from public.perfis_permissoes as pp
        where pp.cliente_id = p_cliente_id and pp.perfil_id = p.id
    ) as permissoes
    into r_meu
    from public.usuarios as u
    join public.perfis as p on p.cliente_id = p_cliente_id and p.id = u.perfil_id
    where u.cliente_id = p_cliente_id and u.id = interno.usuario_corrente();
    if not found or not p_permissoes <@ r_meu.permissoes
        or array_position(c_alcances, p_visibilidade) > array_position(c_alcances, r_meu.visibilidade) then
        raise exception using errcode = 'ZPI01', message = 'você não pode conceder, nem alterar, um acesso maior que o seu';
    end if;
end
$$;
comment on function interno.concessao_conferir(uuid, text[], text) is
'Ninguém concede o que não tem: as permissões e a visibilidade pedidas cabem nas de quem pede.
Erros: ZPI01.
Efeitos: nenhum.
Desde: 0.1.0';
