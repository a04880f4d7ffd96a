/* pgmigrate-encoding: utf-8 */
create or replace function interno.perfil_permissoes_definir(p_cliente_id uuid, p_perfil_id uuid, p_permissoes text[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_desconhecida text;
begin
    select x.permissao into v_desconhecida
    from unnest(p_permissoes) as x (permissao)
    where not exists (
        select from public.permissoes as pm
        where pm.codigo = x.permissao and not pm.da_plataforma and not pm.implicita
    )
    limit 1;
    if found then
        raise exception using errcode = 'ZRI03', message = 'esta permissão não existe', detail = v_desconhecida, column = 'permissoes';
    end if;
    delete from public.perfis_permissoes as pp
    where pp.cliente_id = p_cliente_id and pp.perfil_id = p_perfil_id and pp.permissao <> all (p_permissoes);
    insert into public.perfis_permissoes (cliente_id, perfil_id, permissao)
    select p_cliente_id, p_perfil_id, x.permissao
    from (select distinct unnest(p_permissoes) as permissao) as x
    on conflict on constraint perfis_permissoes_pkey do nothing;
end
$$;
comment on function interno.perfil_permissoes_definir(uuid, uuid, text[]) is
'Faz desta lista as permissões do perfil; as da plataforma não existem para um cliente.
Erros: ZRI03 permissão que não existe.
Efeitos: perfis_permissoes.
Desde: 0.1.0';
