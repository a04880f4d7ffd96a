/* pgmigrate-encoding: utf-8 */
create or replace function interno.perfil_alcance_conferir(p_cliente_id uuid, p_perfil_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_visibilidade text;
begin
    select p.visibilidade into v_visibilidade from public.perfis as p
    where p.cliente_id = p_cliente_id and p.id = p_perfil_id;
    if not found then
        raise exception using errcode = 'ZNI03', message = 'perfil não encontrado', column = 'perfilId';
    end if;
    perform interno.concessao_conferir(p_cliente_id, array(
        select pp.permissao from public.perfis_permissoes as pp
        where pp.cliente_id = p_cliente_id and pp.perfil_id = p_perfil_id
    ), v_visibilidade);
end
$$;
comment on function interno.perfil_alcance_conferir(uuid, uuid) is
'O perfil existe e não permite mais do que o de quem age: vale para atribuí-lo e para mexer em quem o tem.
Erros: ZNI03 perfil não encontrado; ZPI01 acesso maior que o próprio.
Efeitos: nenhum.
Desde: 0.1.0';
