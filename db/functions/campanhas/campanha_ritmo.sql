/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_ritmo(p_cliente_id uuid, p_campanha_id uuid, p_agora timestamptz) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_segundos constant integer := 5;
    -- more than any number may send meanwhile
    c_tentativas constant integer := 6000;
    -- what the limiter keeps free: requests in flight when the provider answers fast
    c_folga constant integer := 4;
    v_desde uuid := uuidv7(-c_segundos * interval '1 second');
    v_efetivo integer;
    v_medido integer;
    r_campanha record;
begin
    select k.status, k.intervalo_ms, k.conexao_id, x.status as conexao_status, x.suspensa_ate, x.teto_por_segundo as teto,
        'YELLOW' in (x.qualidade, m.qualidade) as amarela
    into r_campanha
    from public.campanhas as k
    join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = k.conexao_id
    join public.modelos as m on m.cliente_id = p_cliente_id and m.id = k.modelo_id
    where k.cliente_id = p_cliente_id and k.id = p_campanha_id;
    if not found then
        return null;
    end if;
    v_efetivo := interno.teto_efetivo(p_cliente_id, r_campanha.conexao_id, r_campanha.teto, p_agora);
    v_medido := interno.ritmo_medido(r_campanha.conexao_id);
    return jsonb_build_object(
        'agora', case when r_campanha.status = 'EM_ANDAMENTO' then (
            select round(count(*) / c_segundos::numeric, 1)
            from (
                select t.alvo_id from public.tentativas as t
                where t.cliente_id = p_cliente_id and t.id > v_desde
                order by t.id desc
                limit c_tentativas
            ) as t
            -- each by its key: joined, all of the campaign might be read to find these
            where (select l.campanha_id from public.campanhas_log as l where l.cliente_id = p_cliente_id and l.id = t.alvo_id) = p_campanha_id
        ) else 0 end,
        'teto', r_campanha.teto,
        'possivel', greatest(1, round(least(v_efetivo - c_folga, v_medido, 1000.0 / nullif(r_campanha.intervalo_ms, 0)))),
        'porque', to_jsonb(array_remove(array[
            case when r_campanha.conexao_status <> 'ATIVA' then 'NUMERO_PARADO' end,
            case when r_campanha.suspensa_ate > p_agora then 'NUMERO_SUSPENSO' end,
            case when r_campanha.intervalo_ms > 0 and 1000.0 / r_campanha.intervalo_ms < v_efetivo - c_folga then 'INTERVALO' end,
            case when r_campanha.amarela then 'QUALIDADE' end,
            case when exists (
                select from public.limites as l
                where l.cliente_id = p_cliente_id and l.conexao_id = r_campanha.conexao_id and l.freio + extract(epoch from p_agora - l.freado_em) / 3 < r_campanha.teto
            ) then 'FREIO' end,
            case when (select e.pico from interno.entrada_obter(p_cliente_id, r_campanha.conexao_id, p_agora) as e) > 0 then 'ENTRADA' end,
            case when v_medido < v_efetivo - c_folga then 'LATENCIA' end,
            case when exists (
                select from public.fila as f
                where f.cliente_id = p_cliente_id and f.conexao_id = r_campanha.conexao_id and f.prioridade < 7 and f.executar_em <= p_agora
                    and f.reservado_ate is null
            ) then 'ATENDIMENTO' end,
            case when exists (
                select from public.campanhas as o
                where o.cliente_id = p_cliente_id and o.conexao_id = r_campanha.conexao_id and o.status = 'EM_ANDAMENTO' and o.id <> p_campanha_id
            ) then 'OUTRA_CAMPANHA' end,
            'FOLGA'
        ], null))
    );
end
$$;
comment on function interno.campanha_ritmo(uuid, uuid, timestamptz) is
'Quantos envios por segundo uma campanha faz agora (média de 5 s), o teto do número, o que se pode esperar, e por que não é o teto, do que mais pesa ao que menos. Nulo sem número e modelo.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
