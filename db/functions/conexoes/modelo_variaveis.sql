/* pgmigrate-encoding: utf-8 */
create or replace function interno.modelo_variaveis(p_componentes jsonb) returns text[]
language sql immutable security invoker set search_path = ''
as $$
    with partes as (
        select upper(c.valor ->> 'type') as tipo, upper(coalesce(c.valor ->> 'format', 'TEXT')) as formato,
            c.valor ->> 'text' as texto, c.valor -> 'buttons' as botoes
        from jsonb_array_elements(p_componentes) as c (valor)
    ),
    chaves as (
        select 1 as grupo, 0 as botao, m.ordem, 'cabecalho.' || m.achado [1] as chave
        from partes as p
        cross join lateral regexp_matches(p.texto, '\{\{\s*(\w+)\s*\}\}', 'g') with ordinality as m (achado, ordem)
        where p.tipo = 'HEADER' and p.formato = 'TEXT'
        union all
        -- a media or location header is filled at each send, like a variable
        select 1, 0, 1, case when p.formato = 'LOCATION' then 'cabecalho.localizacao' else 'cabecalho.midia' end
        from partes as p
        where p.tipo = 'HEADER' and p.formato in ('IMAGE', 'VIDEO', 'DOCUMENT', 'GIF', 'LOCATION')
        union all
        select 2, 0, case when m.achado [1] ~ '^[0-9]{1,4}$' then m.achado [1]::bigint else m.ordem end, m.achado [1]
        from partes as p
        cross join lateral regexp_matches(p.texto, '\{\{\s*(\w+)\s*\}\}', 'g') with ordinality as m (achado, ordem)
        where p.tipo = 'BODY'
        union all
        select 3, b.ordem::integer, 1, 'botao.' || (b.ordem - 1)
        from partes as p
        cross join lateral jsonb_array_elements(
            case when jsonb_typeof(p.botoes) = 'array' then p.botoes else '[]' end
        ) with ordinality as b (valor, ordem)
        where p.tipo = 'BUTTONS' and (
            upper(b.valor ->> 'type') in ('COPY_CODE', 'OTP')
            or (upper(b.valor ->> 'type') = 'URL' and b.valor ->> 'url' ~ '\{\{\s*\w+\s*\}\}')
        )
    )
    select coalesce(array_agg(x.chave order by x.grupo, x.botao, x.ordem, x.chave), '{}')
    from (select c.grupo, c.botao, c.chave, min(c.ordem) as ordem from chaves as c group by c.grupo, c.botao, c.chave) as x;
$$;
comment on function interno.modelo_variaveis(jsonb) is
'Chaves que um envio precisa preencher, na ordem: cabeçalho ("cabecalho.1", "cabecalho.midia", "cabecalho.localizacao"), corpo ("1" ou "nome") e botões ("botao.0": endereço com variável, cupom ou código).
Erros: 22023 quando os componentes não são uma lista.
Efeitos: nenhum.
Desde: 0.1.0';
