/* pgmigrate-encoding: utf-8 */
create or replace function interno.texto_variaveis(p_texto text, p_valores jsonb) returns jsonb
language sql immutable security invoker set search_path = ''
as $$
    -- one pass over the text: a value is never read again, so braces inside it stay as they are
    select jsonb_build_object(
        'texto', coalesce(string_agg(coalesce(p.valor, p.trecho), '' order by p.n), ''),
        'faltam', coalesce(jsonb_agg(distinct jsonb_build_object(
            'variavel', p.nome, 'motivo', case when p_valores ? p.nome or p.nome like 'contato.campos._%' then 'VAZIA' else 'DESCONHECIDA' end
        )) filter (where p.nome is not null and p.valor is null), '[]')
    )
    from (
        select m.n, m.partes[1] as trecho, x.nome, nullif(btrim(p_valores ->> x.nome), '') as valor
        from regexp_matches(p_texto, '\{\{[^{}]*\}\}|[^{]+|\{', 'g') with ordinality as m (partes, n)
        cross join lateral (
            select case when m.partes[1] ~ '^\{\{' then btrim(substr(m.partes[1], 3, char_length(m.partes[1]) - 4)) end as nome
        ) as x
    ) as p;
$$;
comment on function interno.texto_variaveis(text, jsonb) is
'Preenche {{variáveis}} de um texto com os valores dados, numa só passada: {texto, faltam: [{variavel, motivo}]}. A que não existe (DESCONHECIDA) ou não tem valor (VAZIA) fica escrita no texto como está, e é nomeada.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
