/* pgmigrate-encoding: utf-8 */
create or replace function api.usuarios_buscar(
    p_cliente_id uuid, p_sessao text, p_busca text default null, p_ativo boolean default null, p_perfil_id uuid default null,
    p_equipe_id uuid default null, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_apos uuid;
    v_palavras text[];
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'usuarios:ler');
    v_limite := interno.limite_ler(p_limite);
    v_apos := interno.cursor_ler(p_cursor);
    v_palavras := array_remove(regexp_split_to_array(interno.texto_busca(left(p_busca, 100)), '\s+'), '');
    -- the few hundred people of a tenant are read whole: no index serves words anywhere in a name under row security
    select coalesce(jsonb_agg(interno.usuarios_json(p_cliente_id, array[x.id]) -> 0 order by x.nome, x.id), '[]') into v_itens
    from (
        select u.id, interno.texto_busca(u.nome) as nome
        from public.usuarios as u
        where u.cliente_id = p_cliente_id and (p_ativo is null or u.ativo = p_ativo) and (p_perfil_id is null or u.perfil_id = p_perfil_id)
            and (p_equipe_id is null or exists (
                select from public.equipes_membros as m
                where m.cliente_id = p_cliente_id and m.equipe_id = p_equipe_id and m.usuario_id = u.id
            ))
            and (v_palavras is null or not exists (
                select from unnest(v_palavras) as p (palavra) where strpos(interno.texto_busca(u.nome || ' ' || u.email), p.palavra) = 0
            ))
            and (v_apos is null or (interno.texto_busca(u.nome), u.id) > (
                select interno.texto_busca(k.nome), k.id from public.usuarios as k where k.cliente_id = p_cliente_id and k.id = v_apos
            ))
        order by 2, u.id
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.usuarios_buscar(uuid, text, text, boolean, uuid, uuid, integer, text) is
'Usuários do cliente em ordem alfabética: cada palavra da busca, sem acento, está no nome ou no e-mail.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; 22023 limite ou cursor.
Efeitos: nenhum.
Desde: 0.3.0';
