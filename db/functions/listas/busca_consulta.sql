/* pgmigrate-encoding: utf-8 */
create or replace function interno.busca_consulta(p_busca text) returns tsquery
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_texto text := btrim(left(p_busca, 200));
    v_ultima text := substring(v_texto from '(?:^|\s)([[:alnum:]]{3,})$');
    v_consulta tsquery := websearch_to_tsquery('public.portugues', v_texto);
    v_inicio tsquery;
begin
    -- the last word may still be growing, unless a quote is open or it is an alternative
    if v_ultima is not null and length(replace(v_texto, '"', '')) % 2 = length(v_texto) % 2 and v_texto !~* '\mor\M' then
        v_inicio := to_tsquery('public.portugues', quote_literal(v_ultima) || ':*');
        if numnode(v_inicio) > 0 then
            v_consulta := websearch_to_tsquery('public.portugues', left(v_texto, -length(v_ultima))) && v_inicio;
        end if;
    end if;
    -- only stop words, or only words that must not be there: no index can answer
    return case when numnode(v_consulta) > 0 and querytree(v_consulta) <> 'T' then v_consulta end;
end
$$;
comment on function interno.busca_consulta(text) is
'A busca de mensagens como consulta: palavras, "frases", or, -exclusões, e a última palavra também como começo de outra; nulo quando não há o que procurar.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
