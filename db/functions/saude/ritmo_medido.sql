/* pgmigrate-encoding: utf-8 */
create or replace function interno.ritmo_medido(p_conexao_id uuid) returns integer
language sql stable security invoker set search_path = ''
as $$
    select nullif(max((n.value ->> 'ritmo')::double precision::integer), 0)
    from public.processos as p
    cross join lateral jsonb_path_query(p.metricas, '$.numeros[*] ? (@.ritmo.type() == "number")') as n (value)
    where p.visto_em > now() - interval '15 seconds' and n.value ->> 'conexao_id' = p_conexao_id::text;
$$;
comment on function interno.ritmo_medido(uuid) is
'Envios por segundo que o limitador dá agora a um número, pela latência medida; nulo quando ninguém envia por ele.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
