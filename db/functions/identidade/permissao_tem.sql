/* pgmigrate-encoding: utf-8 */
create or replace function interno.permissao_tem(p_cliente_id uuid, p_permissao text) returns boolean
language sql stable security invoker set search_path = ''
as $$
    select exists (
        select from public.usuarios as u
        join public.perfis_permissoes as pp on pp.cliente_id = p_cliente_id and pp.perfil_id = u.perfil_id and pp.permissao = p_permissao
        where u.cliente_id = p_cliente_id and u.id = interno.usuario_corrente()
    );
$$;
comment on function interno.permissao_tem(uuid, text) is
'Se quem pede tem também esta permissão; a que a própria função exige é conferida por contexto_abrir.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
