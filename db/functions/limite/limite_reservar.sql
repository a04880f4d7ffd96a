/* pgmigrate-encoding: utf-8 */
create or replace function worker.limite_reservar(
    p_cliente_id uuid, p_conexao_id uuid, p_epoca bigint, p_quantos integer, p_antecedencia_ms integer
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_validade constant double precision := 0.010;
    c_horizonte constant double precision := 1;
    -- requests that the previous authority let in may be unknown here
    c_desconhecidos constant integer := 10;
    r_limite record;
    v_teto integer;
    v_agora timestamptz;
    v_concorrencia integer;
    v_ritmo integer;
    v_passo double precision;
    v_em_voo integer;
    v_abertas integer;
    v_primeira double precision;
    v_cabem integer;
    v_vagas jsonb := '[]';
begin
    perform interno.contexto_trabalho(p_cliente_id);
    select l.epoca, l.autoridade, l.proximo_slot, c.teto_por_segundo as teto
    into r_limite
    from public.limites as l
    join public.conexoes as c on c.cliente_id = p_cliente_id and c.id = p_conexao_id
    where l.cliente_id = p_cliente_id and l.conexao_id = p_conexao_id
    for update of l;
    if not found then
        raise exception using errcode = 'ZNX01', message = 'conexão não encontrada', column = 'conexaoId';
    end if;
    v_agora := clock_timestamp();
    v_teto := interno.teto_efetivo(p_cliente_id, p_conexao_id, r_limite.teto, v_agora);
    -- floor(pace * 1.01) + 1 + concurrency + unknown <= ceiling, whatever the jitter (app/limitador/limitador.lua). What
    -- was let in under a higher ceiling lasts until it is answered; as a seventh of the difference at most is in flight
    -- too much, no window holds more than the highest ceiling that anything in it was granted under
    v_concorrencia := greatest(2, least(10, (v_teto - c_desconhecidos) / 7));
    v_ritmo := greatest(1, ceil((v_teto - c_desconhecidos - v_concorrencia) / 1.01)::integer - 1);
    v_passo := ceil(1e6 / v_ritmo) / 1e6;
    select count(*)
    into v_em_voo
    from public.fila as f
    where f.cliente_id = p_cliente_id and f.conexao_id = p_conexao_id
        and f.reservado_ate is not null and f.intencao_em is not null;
    -- a slot that is still usable counts beside the row it may already have: twice is safe, never is not
    v_primeira := greatest(-1, extract(epoch from greatest(r_limite.proximo_slot, v_agora - interval '1 second') - v_agora));
    v_abertas := greatest(0, ceil((v_primeira + c_validade) / v_passo)::integer);
    v_primeira := greatest(v_primeira, p_antecedencia_ms / 1e3);
    v_cabem := least(
        p_quantos, v_concorrencia - v_em_voo - v_abertas, floor((c_horizonte - v_primeira) / v_passo)::integer + 1
    );
    if r_limite.epoca = p_epoca and r_limite.autoridade = 'POSTGRES' and v_cabem > 0 then
        select jsonb_agg(round(((v_primeira + i * v_passo) * 1e3)::numeric, 3) order by i)
        into v_vagas
        from generate_series(0, v_cabem - 1) as i;
        update public.limites as l
        set proximo_slot = v_agora + make_interval(secs => v_primeira + v_cabem * v_passo)
        where l.cliente_id = p_cliente_id and l.conexao_id = p_conexao_id;
    end if;
    return jsonb_build_object(
        'epoca', r_limite.epoca, 'autoridade', r_limite.autoridade, 'teto', v_teto,
        'vagasMs', v_vagas, 'esperaMs', greatest(20, (v_primeira - c_horizonte) * 1e3),
        'emVoo', v_em_voo, 'concorrencia', v_concorrencia, 'ritmo', v_ritmo,
        'reservatorio', greatest(0, floor((c_horizonte - v_primeira) / v_passo)::integer + 1 - jsonb_array_length(v_vagas))
    );
end
$$;
comment on function worker.limite_reservar(uuid, uuid, bigint, integer, integer) is
'Reserva até p_quantos vagas de envio de um número, em ms a partir de agora, enquanto o banco dita o ritmo.
Erros: ZNX01 conexão não encontrada ou sem limite.
Efeitos: limites. Com outra época ou autoridade não reserva nada e responde o que vale.
Desde: 0.1.0';
