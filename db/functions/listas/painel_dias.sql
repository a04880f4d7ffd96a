/* pgmigrate-encoding: utf-8 */
create or replace function interno.painel_dias(p_cliente_id uuid, p_desde timestamptz, p_fuso text) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    c_maximo constant integer := 20000;
    v_primeiro uuid := (lpad(to_hex((extract(epoch from p_desde) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid;
    v_dias jsonb;
    v_lidas bigint;
begin
    -- ids begin with the instant of their birth: the newest are the last of the key
    with recentes as (
        select (v.criado_em at time zone p_fuso)::date as dia, interno.visivel(p_cliente_id, v.usuario_id, v.equipe_id) as ve
        from public.conversas as v
        where v.cliente_id = p_cliente_id and v.id >= v_primeiro
        order by v.id desc
        limit c_maximo
    ), contadas as (
        select r.dia, count(*) filter (where r.ve) as novas, count(*) as lidas from recentes as r group by r.dia
    )
    select jsonb_agg(jsonb_build_object('dia', d.dia, 'novas', coalesce(c.novas, 0)) order by d.dia), coalesce(sum(c.lidas), 0)
    into v_dias, v_lidas
    from generate_series((p_desde at time zone p_fuso)::date, (now() at time zone p_fuso)::date, interval '1 day') as g (dia)
    cross join lateral (select g.dia::date as dia) as d
    left join contadas as c on c.dia = d.dia;
    return jsonb_build_object('dias', coalesce(v_dias, '[]'), 'parcial', v_lidas >= c_maximo);
end
$$;
comment on function interno.painel_dias(uuid, timestamptz, text) is
'Quantas conversas que quem pede vê começaram em cada dia, das 20000 mais novas desde um instante; parcial = havia mais.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
