/* pgmigrate-encoding: utf-8 */
create or replace function interno.tempo_util(p_cliente_id uuid, p_inicio timestamptz, p_fim timestamptz, p_calendario_id uuid)
returns bigint
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_inicio timestamptz;
begin
    if not isfinite(p_inicio) or not isfinite(p_fim) or p_inicio is null or p_fim is null then
        return null;
    end if;
    if p_calendario_id is null then
        return floor(extract(epoch from greatest(p_fim - p_inicio, interval '0')))::bigint;
    end if;
    -- the cost is the days between: ten years are more than anybody waits
    v_inicio := greatest(p_inicio, p_fim - interval '3653 days');
    return (
        select coalesce(floor(extract(epoch from sum(i.fecha - i.abre))), 0)::bigint
        from interno.expediente_intervalos(p_cliente_id, p_calendario_id, v_inicio, p_fim) as i
    );
end
$$;
comment on function interno.tempo_util(uuid, timestamptz, timestamptz, uuid) is
'Segundos abertos entre dois instantes (sem calendário, todos): faixas, feriados e mudanças de relógio contam exatamente. De um período de mais de dez anos contam-se os últimos dez; nulo se falta um dos instantes.
Erros: ZNA01 calendário não encontrado.
Efeitos: nenhum.
Desde: 0.3.0';
