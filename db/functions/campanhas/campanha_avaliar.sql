/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_avaliar(p_cliente_id uuid, p_campanha_id uuid, p_contatos uuid[] default null, p_variaveis jsonb default null)
returns table (contato_id uuid, telefone text, motivo text, parametros jsonb)
language plpgsql stable security invoker set search_path = '' rows 10000
as $$
#variable_conflict use_column
declare
    v_variaveis jsonb;
    v_fixas jsonb;
    v_maximos jsonb;
    v_marketing boolean;
begin
    select coalesce(p_variaveis, k.variaveis), m.categoria = 'MARKETING',
        (select coalesce(jsonb_object_agg(c.chave, c.maximo), '{}') from interno.modelo_campos(m.componentes) as c)
    into strict v_variaveis, v_marketing, v_maximos
    from public.campanhas as k
    join public.modelos as m on m.cliente_id = p_cliente_id and m.id = k.modelo_id
    where k.cliente_id = p_cliente_id and k.id = p_campanha_id;
    -- what is not text is the same for everybody
    select coalesce(jsonb_object_agg(e.key, e.value) filter (where x.fixa), '{}'),
        coalesce(jsonb_object_agg(e.key, e.value) filter (where not x.fixa), '{}')
    into v_fixas, v_variaveis
    from jsonb_each(v_variaveis) as e
    cross join lateral (select jsonb_typeof(e.value) = 'object' and not e.value ? 'valor' as fixa) as x;
    -- one pass over people and segments, grouped: a sub-query for each person costs three times as much
    return query
    with segmentos as materialized (
        select s.* from interno.variavel_segmentos(v_variaveis) as s
    ), alvos as materialized (
        select c.id, c.telefone,
            interno.publico_motivo(c, v_marketing) as motivo,
            c.campos || jsonb_build_object(
                'nome', c.nome, 'primeiro_nome', split_part(c.nome, ' ', 1), 'telefone', c.telefone, 'email', c.email
            ) as dados
        from public.contatos as c
        where c.cliente_id = p_cliente_id and c.id in (
            select unnest(p_contatos)
            union all
            select interno.campanha_contatos(p_cliente_id, p_campanha_id) where p_contatos is null
        )
    ), textos as (
        select x.id, x.chave, bool_or(x.parte is null) as falta,
            -- the provider refuses line breaks, tabs and long runs of spaces in a parameter
            btrim(regexp_replace(string_agg(x.parte, '' order by x.ordem), '\s+', ' ', 'g')) as texto
        from (
            select a.id, s.chave, s.ordem, coalesce(s.trecho, nullif(btrim(a.dados ->> s.campo), ''), s.padrao) as parte
            from alvos as a
            cross join segmentos as s
            offset 0
        ) as x
        group by x.id, x.chave
    ), valores as (
        select t.id, jsonb_object_agg(t.chave, t.texto) as valores, bool_or(t.falta) as falta,
            bool_or(char_length(t.texto) > (v_maximos ->> t.chave)::integer) as longa
        from textos as t
        group by t.id
    )
    select a.id, a.telefone, coalesce(a.motivo, case when v.falta then 'VARIAVEL_FALTANDO' when v.longa then 'VARIAVEL_LONGA' end),
        case when v.falta then '{}' else v_fixas || coalesce(v.valores, '{}') end
    from alvos as a
    left join valores as v on v.id = a.id;
end
$$;
comment on function interno.campanha_avaliar(uuid, uuid, uuid[], jsonb) is
'Diz, por contato, o telefone, os parâmetros já preenchidos e o motivo de pular (nulo = vai). A simulação e o disparo usam esta mesma função. p_variaveis: as que alguém está escrevendo, no lugar das guardadas.
Erros: ZRK03.
Efeitos: nenhum.
Desde: 0.1.0';
