/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagem_corpo(p_tipo text, p_conteudo jsonb, p_componentes jsonb) returns text
language plpgsql immutable security invoker set search_path = ''
as $$
begin
    return left(case p_tipo
        when 'LOCALIZACAO' then coalesce(
            nullif(concat_ws(' - ', p_conteudo ->> 'nome', p_conteudo ->> 'endereco'), ''),
            concat_ws(', ', p_conteudo ->> 'latitude', p_conteudo ->> 'longitude')
        )
        when 'CONTATOS' then (
            select string_agg(k.value ->> 'nome', ', ' order by k.n)
            from jsonb_array_elements(p_conteudo -> 'contatos') with ordinality as k (value, n)
        )
        when 'REACAO' then nullif(p_conteudo ->> 'emoji', '')
        when 'MODELO' then interno.modelo_renderizar(p_componentes, (
            select jsonb_object_agg(p.key, coalesce(p.value ->> 'texto', p.value #>> '{}'))
            from jsonb_each(coalesce(p_conteudo -> 'parametros', '{}')) as p
        ))
        else coalesce(p_conteudo ->> 'texto', p_conteudo ->> 'legenda', p_conteudo ->> 'nome')
    end, 65536);
end
$$;
comment on function interno.mensagem_corpo(text, jsonb, jsonb) is
'O texto legível de uma mensagem de saída.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
