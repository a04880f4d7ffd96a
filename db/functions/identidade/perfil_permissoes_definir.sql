/* pgmigrate-encoding: utf-8 */
create or replace function interno.perfil_permissoes_definir(p_cliente_id uuid, p_perfil_id uuid, p_permissoes text[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    delete from public.perfis_permissoes as pp
    where pp.cliente_id = p_cliente_id and pp.perfil_id = p_perfil_id and pp.permissao <> all (p_permissoes);
    insert into public.perfis_permissoes (cliente_id, perfil_id, permissao)
    select p_cliente_id, p_perfil_id, x.permissao
    from (select distinct unnest(p_permissoes) as permissao) as x
    on conflict on constraint perfis_permissoes_pkey do nothing;
end
$$;
comment on function interno.perfil_permissoes_definir(uuid, uuid, text[]) is
'Faz desta lista, já conferida, as permissões do perfil.
Erros: nenhum.
Efeitos: perfis_permissoes.
Desde: 0.1.0';
