/* pgmigrate-encoding: utf-8 */
create or replace function interno.sessao_topicos(p_cliente_id uuid) returns text[]
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_usuario_id uuid := interno.usuario_corrente();
    v_visibilidade text := current_setting('app.visibilidade', true);
    v_permissoes text[];
    v_equipes uuid[];
    v_pessoas uuid[] := array[v_usuario_id];
    v_alcances text[];
begin
    select coalesce(array_agg(pp.permissao), '{}') into v_permissoes
    from public.usuarios as u
    join public.perfis_permissoes as pp on pp.cliente_id = p_cliente_id and pp.perfil_id = u.perfil_id
    where u.cliente_id = p_cliente_id and u.id = v_usuario_id;
    select coalesce(array_agg(m.equipe_id), '{}') into v_equipes
    from public.equipes_membros as m where m.cliente_id = p_cliente_id and m.usuario_id = v_usuario_id;
    if v_visibilidade = 'EQUIPE' then
        select array_agg(distinct m.usuario_id) || v_pessoas into v_pessoas
        from public.equipes_membros as m where m.cliente_id = p_cliente_id and m.equipe_id = any(v_equipes);
    end if;
    v_alcances := array['fila:geral']
        || array(select 'usuario:' || x.id from unnest(v_pessoas) as x (id))
        || array(select 'fila:' || x.id from unnest(v_equipes) as x (id))
        || case v_visibilidade when 'TODAS' then array['todas']
            when 'EQUIPE' then array(select 'equipe:' || x.id from unnest(v_equipes) as x (id))
            else '{}'::text[] end;
    return array['pessoa:' || v_usuario_id]
        || array(select 'permissao:' || x.codigo from unnest(v_permissoes) as x (codigo))
        || array(
            select distinct x.assunto || ':' || a.alcance
            from unnest(array['conversas', 'contatos']) as x (assunto)
            cross join unnest(v_alcances) as a (alcance)
            where x.assunto || ':ler' = any(v_permissoes)
        );
end
$$;
comment on function interno.sessao_topicos(uuid) is
'Os tópicos de quem abriu o contexto: o que é pessoal, o que as suas permissões deixam ler e, de conversas e contatos, o que interno.visivel deixa ver.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
