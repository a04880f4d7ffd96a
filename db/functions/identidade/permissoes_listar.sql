/* pgmigrate-encoding: utf-8 */
create or replace function api.permissoes_listar(p_cliente_id uuid, p_sessao text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'perfis:ler');
    -- the catalogue has a few dozen rows and changes by migration only: one page always holds it
    return (
        select jsonb_build_object(
            'dados', coalesce(jsonb_agg(jsonb_build_object('codigo', p.codigo, 'descricao', p.descricao) order by p.codigo), '[]'),
            'meta', jsonb_build_object('proximoCursor', null)
        )
        from (
            select pm.codigo, pm.descricao from public.permissoes as pm
            where not pm.da_plataforma and not pm.implicita
            limit 500
        ) as p
    );
end
$$;
comment on function api.permissoes_listar(uuid, text) is
'Catálogo das permissões que um perfil pode ter.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão.
Efeitos: nenhum.
Desde: 0.1.0';
