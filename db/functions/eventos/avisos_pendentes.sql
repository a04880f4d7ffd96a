/* pgmigrate-encoding: utf-8 */
create or replace function interno.avisos_pendentes(p_cliente_id uuid, p_usuario_id uuid) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_visibilidade text;
    v_json jsonb;
begin
    select p.visibilidade into v_visibilidade
    from public.usuarios as u
    join public.perfis as p on p.cliente_id = p_cliente_id and p.id = u.perfil_id
    where u.cliente_id = p_cliente_id and u.id = p_usuario_id;
    if not interno.cliente_operante(p_cliente_id) or not interno.usuario_pode(p_cliente_id, p_usuario_id, 'conversas:ler') then
        return '[]';
    end if;
    perform set_config('app.usuario_id', p_usuario_id::text, true), set_config('app.visibilidade', v_visibilidade, true);
    v_json := interno.avisos_json(p_cliente_id);
    perform set_config('app.usuario_id', '', true), set_config('app.visibilidade', '', true);
    if not (v_json ->> 'navegador')::boolean then
        return '[]';
    end if;
    return (
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', i.id, 'credenciais', translate(encode(i.credenciais, 'base64'), e'\n', ''), 'avisos', a.avisos
        ) order by i.id), '[]')
        from public.inscricoes as i
        join public.sessoes as s
            on s.cliente_id = p_cliente_id and s.id = i.sessao_id and s.revogada_em is null and s.acesso_expira_em > now()
        cross join lateral (
            select jsonb_agg(x.aviso order by x.vez) as avisos
            from jsonb_array_elements(v_json -> 'avisos') with ordinality as x (aviso, vez)
            where (x.aviso ->> 'chave')::uuid <> all (i.ditos)
        ) as a
        where i.cliente_id = p_cliente_id and i.usuario_id = p_usuario_id and a.avisos is not null
    );
end
$$;
comment on function interno.avisos_pendentes(uuid, uuid) is
'O que ainda não se disse a cada navegador inscrito de uma pessoa, do que interno.avisos_json lhe diria agora; os de sessões que acabaram ficam de fora.
Erros: nenhum.
Efeitos: app.usuario_id e app.visibilidade, locais à transação.
Desde: 0.3.0';
