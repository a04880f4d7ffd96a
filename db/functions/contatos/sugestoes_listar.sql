/* pgmigrate-encoding: utf-8 */
create or replace function api.sugestoes_listar(
    p_cliente_id uuid, p_sessao text, p_contato_id uuid default null, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_olhadas constant integer := 1000;
    v_limite integer;
    v_apos uuid;
    v_vistas uuid[];
    v_itens jsonb;
    v_pagina jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:fundir');
    v_limite := interno.limite_ler(p_limite);
    v_apos := interno.cursor_ler(p_cursor);
    v_vistas := array(
        select s.id from public.contatos_sugestoes as s
        where s.cliente_id = p_cliente_id and s.dispensada_em is null and (v_apos is null or s.id < v_apos)
            and (p_contato_id is null or p_contato_id in (s.contato_id, s.outro_id))
        order by s.id desc
        limit c_olhadas
    );
    select coalesce(jsonb_agg(interno.sugestao_json(x.linha) order by x.id desc), '[]') into v_itens
    from (
        select s.id, s as linha
        from public.contatos_sugestoes as s
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = s.contato_id and c.removido_em is null
        join public.contatos as o on o.cliente_id = p_cliente_id and o.id = s.outro_id and o.removido_em is null
        where s.cliente_id = p_cliente_id and s.id = any (v_vistas)
            and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id) and interno.visivel(p_cliente_id, o.responsavel_id, o.equipe_id)
        order by s.id desc
        limit v_limite + 1
    ) as x;
    v_pagina := interno.pagina(v_itens, v_limite);
    if cardinality(v_vistas) = c_olhadas and jsonb_array_length(v_itens) <= v_limite then
        -- the work of one call is bounded: the next page goes on from where this one stopped looking
        v_pagina := jsonb_set(v_pagina, '{meta,proximoCursor}', to_jsonb(replace(v_vistas[c_olhadas]::text, '-', '')));
    end if;
    return v_pagina;
end
$$;
comment on function api.sugestoes_listar(uuid, text, uuid, integer, text) is
'Pares de contatos que talvez sejam a mesma pessoa, com o motivo e os pontos, do mais novo para o mais velho; p_contato_id = só os deste. Uma página pode vir curta e ainda ter proximoCursor.
Erros: 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.3.0';
