/* pgmigrate-encoding: utf-8 */
create or replace function interno.permissoes_conferir(p_permissoes text[]) returns void
language plpgsql stable security invoker set search_path = ''
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
end
$$;
comment on function interno.permissoes_conferir(text[]) is
'As permissões existem; as da plataforma não existem para um cliente.
Erros: ZRI03 permissão que não existe.
Efeitos: nenhum.
Desde: 0.1.0';
