/* pgmigrate-encoding: utf-8 */
create or replace function api.contatos_exportar(
    p_cliente_id uuid, p_sessao text, p_busca text default null, p_etiqueta_id uuid default null, p_marketing text default null,
    p_bloqueado boolean default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_pagina constant integer := 2000;
    r_pagina record;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:exportar');
    if p_cursor is null then
        perform interno.auditar(p_cliente_id, 'contatos_exportados', 'contatos', null, jsonb_build_object(
            'busca', left(p_busca, 200), 'etiquetaId', p_etiqueta_id, 'marketing', p_marketing, 'bloqueado', p_bloqueado
        ));
    end if;
    select l.ids, l.fim into r_pagina
    from interno.contatos_pagina_ler(
        p_cliente_id, p_busca, p_etiqueta_id, p_marketing, p_bloqueado, c_pagina, interno.cursor_ler(p_cursor)
    ) as l;
    return jsonb_build_object(
        'dados', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'nome', c.nome, 'telefone', c.telefone, 'email', c.email, 'etiquetas', coalesce(g.nomes, '[]'), 'marketing', c.marketing,
                'bloqueado', c.bloqueado, 'criadoEm', c.criado_em, 'campos', c.campos
            ) order by c.id desc), '[]')
            from unnest(r_pagina.ids) as l (id)
            join public.contatos as c on c.cliente_id = p_cliente_id and c.id = l.id
            -- the tags of the whole page at once
            left join (
                select x.contato_id, jsonb_agg(e.nome order by e.nome) as nomes
                from public.contatos_etiquetas as x
                join public.etiquetas as e on e.cliente_id = p_cliente_id and e.id = x.etiqueta_id
                where x.cliente_id = p_cliente_id and x.contato_id = any (r_pagina.ids)
                group by x.contato_id
            ) as g on g.contato_id = c.id
        ),
        'campos', case when p_cursor is null then (
            select coalesce(jsonb_agg(x.nome order by x.nome), '[]')
            from (
                select distinct k.nome
                from public.contatos as c
                cross join lateral jsonb_object_keys(c.campos) as k (nome)
                where c.cliente_id = p_cliente_id and c.removido_em is null and c.campos <> '{}'
                    and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
            ) as x
        ) end,
        'meta', jsonb_build_object('proximoCursor', replace(r_pagina.fim::text, '-', ''))
    );
end
$$;
comment on function api.contatos_exportar(uuid, text, text, uuid, text, boolean, text) is
'Uma página, de até 2000, do que sai num CSV: os contatos visíveis com esses filtros. A primeira traz também em campos os nomes de todos os campos livres dos contatos visíveis, e fica na auditoria.
Erros: 22023 busca curta ou cursor inválido.
Efeitos: auditoria.
Desde: 0.3.0';
