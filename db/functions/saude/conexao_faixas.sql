/* pgmigrate-encoding: utf-8 */
create or replace function interno.conexao_faixas(p_cliente_id uuid, p_conexao_id uuid, p_agora timestamptz) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    -- counts stop at a thousand: nobody reads further, and a long queue must not make its own screen slow
    select jsonb_agg(jsonb_build_object(
        'faixa', f.faixa,
        'esperando', (
            select count(*) from (
                select from public.fila as q
                where q.cliente_id = p_cliente_id and q.conexao_id = p_conexao_id and q.prioridade = f.prioridade
                    and q.reservado_ate is null and q.execucao = 'ENVIO'
                limit 1000
            ) as x
        ),
        'emCurso', (
            select count(*) from (
                select from public.fila as q
                where q.cliente_id = p_cliente_id and q.conexao_id = p_conexao_id and q.prioridade = f.prioridade
                    and q.reservado_ate > p_agora and q.execucao = 'ENVIO'
                limit 1000
            ) as x
        )
    ) order by f.prioridade)
    from (values (1::smallint, 'HUMANO'), (3::smallint, 'BOT'), (5::smallint, 'AGENDADA'), (7::smallint, 'CAMPANHA')) as f (prioridade, faixa);
$$;
comment on function interno.conexao_faixas(uuid, uuid, timestamptz) is
'Quantos envios de um número esperam e quantos estão em curso, por faixa de prioridade (até mil de cada).
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
