/* pgmigrate-encoding: utf-8 */
create or replace function interno.expediente_intervalos(p_cliente_id uuid, p_calendario_id uuid, p_de timestamptz, p_ate timestamptz)
returns table (abre timestamptz, fecha timestamptz)
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_fuso text;
begin
    select c.fuso into v_fuso from public.calendarios as c where c.cliente_id = p_cliente_id and c.id = p_calendario_id;
    if not found then
        raise exception using errcode = 'ZNA01', message = 'calendário não encontrado';
    end if;
    -- a day on each side: what begins at midnight may begin the day before
    return query
    with dias as materialized (
        select d.dia::date as data
        from generate_series(
            date_trunc('day', p_de at time zone v_fuso) - interval '1 day', p_ate at time zone v_fuso + interval '1 day', interval '1 day'
        ) as d (dia)
    ), faixas as (
        select d.data, s.inicio, s.fim
        from dias as d
        join public.calendarios_faixas as s
            on s.cliente_id = p_cliente_id and s.calendario_id = p_calendario_id and s.dia = extract(isodow from d.data)::smallint
        where not exists (
            select from public.feriados as f
            where f.cliente_id = p_cliente_id and f.calendario_id = p_calendario_id and f.data = d.data
        )
        union all
        select f.data, s.inicio, s.fim
        from public.feriados as f
        join public.feriados_faixas as s on s.cliente_id = p_cliente_id and s.feriado_id = f.id
        where f.cliente_id = p_cliente_id and f.calendario_id = p_calendario_id
            and f.data between (p_de at time zone v_fuso)::date - 1 and (p_ate at time zone v_fuso)::date + 1
    ), instantes as materialized (
        select interno.instante_local(f.data + f.inicio * interval '1 minute', v_fuso) as abre,
            interno.instante_local(f.data + f.fim * interval '1 minute', v_fuso) as fecha
        from faixas as f
    )
    select greatest(i.abre, p_de), least(i.fecha, p_ate)
    from instantes as i
    where i.abre < p_ate and i.fecha > p_de and i.fecha > i.abre
    order by 1;
end
$$;
comment on function interno.expediente_intervalos(uuid, uuid, timestamptz, timestamptz) is
'Os intervalos abertos de um calendário entre dois instantes, em ordem e sem sobreposição: um feriado troca as faixas do seu dia.
Erros: ZNA01 calendário não encontrado.
Efeitos: nenhum.
Desde: 0.3.0';
