/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_avaliar(p_cliente_id uuid, p_campanha_id uuid, p_contatos uuid[] default null)
returns table (contato_id uuid, telefone text, motivo text, parametros jsonb)
language plpgsql stable security invoker set search_path = '' rows 10000
as $$
#variable_conflict use_column
declare
    v_variaveis jsonb;
    v_marketing boolean;
begin
    select k.variaveis, m.categoria = 'MARKETING' into strict v_variaveis, v_marketing
    from public.campanhas as k
    join public.modelos as m on m.cliente_id = p_cliente_id and m.id = k.modelo_id
    where k.cliente_id = p_cliente_id and k.id = p_campanha_id;
    return query
    with segmentos as materialized (select s.* from interno.variavel_segmentos(v_variaveis) as s)
    select c.id, c.telefone,
        case
            when c.removido_em is not null then 'REMOVIDO'
            when c.bloqueado then 'BLOQUEADO'
            when v_marketing and c.marketing = 'REVOGADO' then 'OPT_OUT'
            when c.telefone is null then 'TELEFONE_INVALIDO'
            when c.sem_whatsapp_em is not null then 'SEM_WHATSAPP'
            when v.falta then 'VARIAVEL_FALTANDO'
        end,
        case when v.falta or v.valores is null then '{}' else v.valores end
    from public.contatos as c
    cross join lateral (
        select c.campos || jsonb_build_object(
            'nome', c.nome, 'primeiro_nome', split_part(c.nome, ' ', 1), 'telefone', c.telefone, 'email', c.email
        ) as dados
    ) as d
    cross join lateral (
        select jsonb_object_agg(t.chave, t.texto) as valores, bool_or(t.falta) as falta
        from (
            select s.chave, bool_or(x.parte is null) as falta,
                -- the provider refuses line breaks, tabs and long runs of spaces in a parameter
                left(btrim(regexp_replace(string_agg(x.parte, '' order by s.ordem), '\s+', ' ', 'g')), 1024) as texto
            from segmentos as s
            cross join lateral (select coalesce(s.trecho, nullif(btrim(d.dados ->> s.campo), ''), s.padrao) as parte) as x
            group by s.chave
        ) as t
    ) as v
    where c.cliente_id = p_cliente_id
        and c.id in (select unnest(p_contatos) union all select interno.campanha_contatos(p_cliente_id, p_campanha_id) where p_contatos is null);
end
$$;
comment on function interno.campanha_avaliar(uuid, uuid, uuid[]) is
'Diz, por contato, o telefone, os parâmetros já preenchidos e o motivo de pular (nulo = vai). A simulação e o disparo usam esta mesma função.
Erros: ZRK03.
Efeitos: nenhum.
Desde: 0.1.0';
