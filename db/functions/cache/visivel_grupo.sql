/* pgmigrate-encoding: utf-8 */
create or replace function interno.visivel_grupo(p_cliente_id uuid) returns text
language sql stable security invoker set search_path = ''
as $$
    select case
        when current_setting('app.visibilidade', true) = 'TODAS' then 'TODAS'
        when current_setting('app.visibilidade', true) = 'EQUIPE' and x.equipes is not null then 'EQUIPE:' || md5(x.equipes)
        else 'USUARIO:' || interno.usuario_corrente()::text
    end
    from (
        select string_agg(m.equipe_id::text, ',' order by m.equipe_id) as equipes
        from public.equipes_membros as m
        where m.cliente_id = p_cliente_id and m.usuario_id = interno.usuario_corrente()
    ) as x;
$$;
comment on function interno.visivel_grupo(uuid) is
'Com quem o usuário corrente divide tudo o que interno.visivel responde: todos que veem tudo; quem vê por equipe e está exatamente nas mesmas; mais ninguém.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
