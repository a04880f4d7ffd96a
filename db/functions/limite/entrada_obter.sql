/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_obter(
    p_cliente_id uuid, p_conexao_id uuid, p_agora timestamptz, out pico integer, out por_segundo integer
)
language sql stable security invoker set search_path = ''
as $$
    select coalesce(max(e.total), 0)::integer,
        ceil(coalesce(sum(e.total) filter (where e.segundo > extract(epoch from p_agora)::bigint - 10), 0) / 10.0)::integer
    from public.entradas_segundo as e
    where e.cliente_id = p_cliente_id and e.conexao_id = p_conexao_id and e.segundo > extract(epoch from p_agora)::bigint - 60;
$$;
comment on function interno.entrada_obter(uuid, uuid, timestamptz) is
'Mensagens que chegam a um número: o pico por segundo do último minuto e a média dos últimos 10 s, para cima.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
