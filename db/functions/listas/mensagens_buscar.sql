/* pgmigrate-encoding: utf-8 */
create or replace function api.mensagens_buscar(
    p_cliente_id uuid, p_sessao text, p_busca text, p_conversa_id uuid default null, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    r_achadas record;
    v_pagina jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_limite := interno.limite_ler(p_limite);
    if interno.busca_consulta(p_busca) is null then
        raise exception using errcode = '22023', message = 'a busca precisa de ao menos uma palavra', column = 'busca';
    end if;
    if p_conversa_id is not null then
        perform interno.conversa_visivel(p_cliente_id, p_conversa_id);
    end if;
    select a.ids, a.fim into r_achadas
    from interno.mensagens_achar(p_cliente_id, p_busca, p_conversa_id, v_limite + 1, interno.cursor_ler(p_cursor)) as a;
    v_pagina := interno.pagina(interno.mensagens_trechos_json(p_cliente_id, p_busca, r_achadas.ids), v_limite);
    if cardinality(r_achadas.ids) <= v_limite and r_achadas.fim is not null then
        -- the work of one call is bounded: the next page goes on from where this one stopped looking
        v_pagina := jsonb_set(v_pagina, '{meta,proximoCursor}', to_jsonb(replace(r_achadas.fim::text, '-', '')));
    end if;
    return v_pagina;
end
$$;
comment on function api.mensagens_buscar(uuid, text, text, uuid, integer, text) is
'Procura mensagens por palavras, "frases", or e -exclusões, sem acento e sem data limite, numa conversa ou em todas as visíveis, da mais nova para a mais velha. Uma página pode vir curta e ainda ter proximoCursor.
Erros: ZNV01 conversa não encontrada; 22023 busca, limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.3.0';
