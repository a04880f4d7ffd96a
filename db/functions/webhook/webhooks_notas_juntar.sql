/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhooks_notas_juntar(p_lidos jsonb, p_notas jsonb) returns jsonb
language sql immutable security invoker set search_path = ''
as $$
    with motivos as (
        select n.id, n.motivo, count(*) as total, (array_agg(n.nome order by n.nome) filter (where n.nome is not null))[:3] as nomes
        from jsonb_to_recordset(p_notas) as n (id uuid, motivo text, nome text)
        group by n.id, n.motivo
    ), corpos as (
        select m.id, min(m.motivo) as motivo, bool_or(m.motivo = 'PARTE_FALHOU') as falhou, string_agg(
            case m.motivo
                when 'PARTE_FALHOU' then 'o que não se conseguiu aplicar: '
                when 'SEM_IDENTIFICACAO' then 'mensagens sem id ou sem a pessoa: '
                else 'mensagens com valores que não se entendem: '
            end || m.total || coalesce(' (' || array_to_string(m.nomes, ', ') || ')', ''), '; ' order by m.motivo
        ) as texto
        from motivos as m
        group by m.id
    )
    select jsonb_agg(l.value || case when c.id is null then '{}' else jsonb_build_object('situacao', jsonb_build_object(
        'status', case when c.falhou then 'ERRO' else 'IGNORADO' end,
        'motivo', case
            when c.falhou then 'PARTE_FALHOU'
            when l.value #>> '{situacao,status}' = 'IGNORADO' then l.value #>> '{situacao,motivo}'
            else c.motivo
        end,
        'texto', left(concat_ws('; ', l.value #>> '{situacao,texto}', c.texto), 500)
    )) end order by l.n)
    from jsonb_array_elements(p_lidos) with ordinality as l (value, n)
    left join corpos as c on c.id = (l.value ->> 'id')::uuid;
$$;
comment on function interno.webhooks_notas_juntar(jsonb, jsonb) is
'Acrescenta ao que se diz de cada corpo lido ([{id, situacao}]) as partes dele que não se entenderam (IGNORADO) ou não se conseguiu aplicar (ERRO): [{id, motivo, nome}].
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
