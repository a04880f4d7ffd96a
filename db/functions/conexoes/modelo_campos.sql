/* pgmigrate-encoding: utf-8 */
create or replace function interno.modelo_campos(p_componentes jsonb)
returns table (chave text, especie text, obrigatoria boolean, maximo integer, posicao bigint)
language sql immutable security invoker set search_path = '' rows 5
as $$
    with partes as (
        select upper(c.valor ->> 'type') as tipo, upper(coalesce(c.valor ->> 'format', 'TEXT')) as formato,
            c.valor ->> 'text' as texto, c.valor -> 'buttons' as botoes,
            -- what the fixed text leaves of the room that the whole text has
            greatest(
                case upper(c.valor ->> 'type') when 'HEADER' then 60 else 1024 end
                - char_length(regexp_replace(c.valor ->> 'text', '\{\{\s*\w+\s*\}\}', '', 'g')), 1
            ) as cabem
        from jsonb_array_elements(p_componentes) as c (valor)
    ),
    botoes as (
        select upper(b.valor ->> 'type') as tipo, b.valor ->> 'url' as url, b.ordem::integer as ordem
        from partes as p
        cross join lateral jsonb_array_elements(
            case when jsonb_typeof(p.botoes) = 'array' then p.botoes else '[]' end
        ) with ordinality as b (valor, ordem)
        where p.tipo = 'BUTTONS'
    ),
    chaves as (
        select 1 as grupo, 0 as botao, m.ordem, 'cabecalho.' || m.achado [1] as chave, 'TEXTO' as especie, true as obrigatoria,
            p.cabem as maximo
        from partes as p
        cross join lateral regexp_matches(p.texto, '\{\{\s*(\w+)\s*\}\}', 'g') with ordinality as m (achado, ordem)
        where p.tipo = 'HEADER' and p.formato = 'TEXT'
        union all
        -- a media or location header is filled at each send, like a variable
        select 1, 0, 1, case when p.formato = 'LOCATION' then 'cabecalho.localizacao' else 'cabecalho.midia' end,
            case p.formato
                when 'LOCATION' then 'LOCALIZACAO' when 'IMAGE' then 'IMAGEM' when 'DOCUMENT' then 'DOCUMENTO' else 'VIDEO'
            end, true, null
        from partes as p
        where p.tipo = 'HEADER' and p.formato in ('IMAGE', 'VIDEO', 'DOCUMENT', 'GIF', 'LOCATION')
        union all
        select 2, 0, case when m.achado [1] ~ '^[0-9]{1,4}$' then m.achado [1]::bigint else m.ordem end, m.achado [1], 'TEXTO', true, p.cabem
        from partes as p
        cross join lateral regexp_matches(p.texto, '\{\{\s*(\w+)\s*\}\}', 'g') with ordinality as m (achado, ordem)
        where p.tipo = 'BODY'
        union all
        select 3, b.ordem, 1, 'botao.' || (b.ordem - 1),
            case b.tipo
                when 'URL' then 'URL' when 'COPY_CODE' then 'CUPOM' when 'OTP' then 'CODIGO' when 'QUICK_REPLY' then 'RETORNO'
                when 'FLOW' then 'FLUXO' else 'CATALOGO'
            end,
            b.tipo in ('URL', 'COPY_CODE', 'OTP'),
            case b.tipo when 'URL' then 2000 - char_length(b.url) when 'QUICK_REPLY' then 256 when 'COPY_CODE' then 15 when 'OTP' then 15 end
        from botoes as b
        where b.tipo in ('COPY_CODE', 'OTP', 'QUICK_REPLY', 'FLOW', 'CATALOG') or (b.tipo = 'URL' and b.url ~ '\{\{\s*\w+\s*\}\}')
    )
    select x.chave, x.especie, x.obrigatoria, x.maximo, row_number() over (order by x.grupo, x.botao, x.ordem, x.chave)
    from (
        select c.grupo, c.botao, c.chave, c.especie, c.obrigatoria, c.maximo, min(c.ordem) as ordem
        from chaves as c group by c.grupo, c.botao, c.chave, c.especie, c.obrigatoria, c.maximo
    ) as x;
$$;
comment on function interno.modelo_campos(jsonb) is
'O que um envio pode preencher num modelo e com quê. chave: "cabecalho.1", "cabecalho.midia", "cabecalho.localizacao", "1" ou "nome" no corpo, "botao.0". especie: TEXTO, IMAGEM, VIDEO, DOCUMENTO, LOCALIZACAO; de botões, URL (sufixo do endereço), CUPOM, CODIGO, RETORNO (dado da resposta rápida), FLUXO, CATALOGO. maximo: letras que cabem num texto, descontado o que é fixo.
Erros: 22023 quando os componentes não são uma lista.
Efeitos: nenhum.
Desde: 0.2.0';
