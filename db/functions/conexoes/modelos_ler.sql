/* pgmigrate-encoding: utf-8 */
create or replace function interno.modelos_ler(p_modelos jsonb)
returns table (
    id_externo text, nome text, idioma text, categoria text, status text, formato text, componentes jsonb, variaveis text[], aceito boolean
)
language sql stable security invoker set search_path = ''
as $$
    with lidos as (
        select m.id as id_externo, m.name as nome, m.language as idioma, upper(m.category) as categoria,
            upper(m.status) as status, upper(coalesce(m.parameter_format, 'POSITIONAL')) as formato,
            case when jsonb_typeof(m.components) = 'array' then m.components end as componentes
        from jsonb_to_recordset(p_modelos) as m (
            id text, name text, language text, category text, status text, parameter_format text, components jsonb
        )
    ),
    com_variaveis as (
        select l.*, interno.modelo_variaveis(coalesce(l.componentes, '[]')) as variaveis from lidos as l
    )
    -- the same rules as the constraints of the table: one odd template must not cost all the others
    select distinct on (c.nome, c.idioma) c.id_externo, c.nome, c.idioma, c.categoria, c.status, c.formato, c.componentes, c.variaveis,
        coalesce(
            char_length(c.id_externo) between 1 and 64 and c.nome ~ '^[a-z0-9_]+$' and char_length(c.nome) <= 512
            and char_length(c.idioma) between 2 and 12
            and c.categoria in ('MARKETING', 'UTILITY', 'AUTHENTICATION') and c.status ~ '^[A-Z_]{3,30}$'
            and c.formato in ('POSITIONAL', 'NAMED') and pg_column_size(c.componentes) < 65536 and cardinality(c.variaveis) <= 60,
            false
        )
    from com_variaveis as c
    order by c.nome, c.idioma, c.id_externo desc;
$$;
comment on function interno.modelos_ler(jsonb) is
'Lê os modelos como o provedor os mandou; aceito = cabe nas regras da tabela.
Erros: 22* quando não é uma lista de objetos.
Efeitos: nenhum.
Desde: 0.1.0';
