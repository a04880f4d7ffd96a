/* pgmigrate-encoding: utf-8 */
create or replace function api.contatos_listar(
    p_cliente_id uuid, p_sessao text, p_busca text default null, p_etiqueta_id uuid default null,
    p_marketing text default null, p_bloqueado boolean default null, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_itens jsonb;
    r_pagina record;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:ler');
    v_limite := interno.limite_ler(p_limite);
    select l.ids, l.fim into r_pagina
    from interno.contatos_pagina_ler(
        p_cliente_id, p_busca, p_etiqueta_id, p_marketing, p_bloqueado, v_limite, interno.cursor_ler(p_cursor)
    ) as l;
    select coalesce(jsonb_agg(interno.contato_json(c) order by c.id desc), '[]') into v_itens
    from unnest(r_pagina.ids) as l (id)
    join public.contatos as c on c.cliente_id = p_cliente_id and c.id = l.id;
    -- a page may come short and still go on: where from, the reading of it says
    return jsonb_set(
        interno.pagina(v_itens, v_limite), '{meta,proximoCursor}', coalesce(to_jsonb(replace(r_pagina.fim::text, '-', '')), 'null')
    );
end
$$;
comment on function api.contatos_listar(uuid, text, text, uuid, text, boolean, integer, text) is
'Lista contatos visíveis, do mais novo para o mais velho; p_busca procura no nome (sem acento) e no telefone. Uma página pode vir curta e ainda ter proximoCursor.
Erros: 22023 busca curta, limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.1.0';
