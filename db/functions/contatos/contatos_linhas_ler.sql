/* pgmigrate-encoding: utf-8 */
create or replace function interno.contatos_linhas_ler(p_linhas jsonb)
returns table (
    linha integer, nome text, telefone text, telefone_informado text, email text, etiquetas text[], campos jsonb, motivo text
)
language sql stable security invoker set search_path = ''
as $$
    with lidas as (
        select l.linha, nullif(btrim(l.nome), '') as nome, l.telefone, nullif(btrim(l."telefoneInformado"), '') as informado,
            nullif(btrim(l.email), '') as email, coalesce(l.campos, '{}') as campos, l.motivo,
            array(
                select distinct btrim(e.nome) from jsonb_array_elements_text(coalesce(l.etiquetas, '[]')) as e (nome) where btrim(e.nome) <> ''
            ) as etiquetas
        from jsonb_to_recordset(p_linhas) as l (
            linha integer, nome text, telefone text, "telefoneInformado" text, email text, etiquetas jsonb, campos jsonb, motivo text
        )
    ),
    julgadas as (
        select l.*, case
            when l.motivo is not null then l.motivo
            when l.telefone is null and l.informado is null then 'TELEFONE_AUSENTE'
            when l.telefone is null or l.telefone !~ '^\+[1-9][0-9]{7,14}$' then 'TELEFONE_INVALIDO'
            when char_length(l.nome) > 200 or char_length(interno.texto_busca(l.nome)) > 800 then 'NOME_LONGO'
            -- lengths apart: a pattern that counts up to 185 takes ten times as long
            when l.email !~ '^[^@\s]+@[^@\s]+$' or char_length(split_part(l.email, '@', 1)) > 64 or char_length(split_part(l.email, '@', 2)) > 185
                then 'EMAIL_INVALIDO'
            when jsonb_typeof(l.campos) <> 'object' or pg_column_size(l.campos) >= 8192 then 'CAMPOS_GRANDES'
            when cardinality(l.etiquetas) > 20 or exists (select from unnest(l.etiquetas) as e (nome) where char_length(e.nome) > 60)
                then 'ETIQUETA_INVALIDA'
        end as recusa
        from lidas as l
    )
    select j.linha, j.nome, j.telefone, left(j.informado, 60), j.email, j.etiquetas, j.campos,
        coalesce(j.recusa, case
            when row_number() over (partition by j.recusa is null, j.telefone order by j.linha) > 1 then 'DUPLICADO_NO_ARQUIVO'
        end)
    from julgadas as j;
$$;
comment on function interno.contatos_linhas_ler(jsonb) is
'Linhas de um lote de importação, cada uma com o motivo por que não pode entrar, ou nulo.
Erros: 22* quando não é uma lista de objetos.
Efeitos: nenhum.
Desde: 0.1.0';
