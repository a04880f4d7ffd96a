/* pgmigrate-encoding: utf-8 */
create or replace function worker.eventos_pendentes(p_dono text, p_fim boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_posse constant interval := '700 milliseconds';
    c_renovar constant interval := '450 milliseconds';
    v_agora timestamptz := clock_timestamp();
    v_dono text;
    v_ate timestamptz;
    v_clientes jsonb;
begin
    select r.dono, r.ate into v_dono, v_ate from public.retransmissores as r where r.papel = 'EVENTOS';
    if p_fim then
        update public.retransmissores as r set ate = v_agora where r.papel = 'EVENTOS' and r.dono = p_dono;
        return jsonb_build_object('meu', false, 'clientes', '[]'::jsonb);
    end if;
    if v_dono <> p_dono and v_ate > v_agora then
        return jsonb_build_object('meu', false, 'clientes', '[]'::jsonb);
    end if;
    if v_dono <> p_dono or v_ate < v_agora + c_renovar then
        update public.retransmissores as r set dono = p_dono, ate = v_agora + c_posse
        where r.papel = 'EVENTOS' and (r.dono = p_dono or r.ate <= v_agora);
        if not found then
            return jsonb_build_object('meu', false, 'clientes', '[]'::jsonb);
        end if;
    end if;
    -- loose index scan: the cost follows the tenants that have news
    with recursive novos as (
        (select e.cliente_id from public.eventos as e where e.numero is null order by e.cliente_id limit 1)
        union all
        select x.cliente_id
        from novos as n
        cross join lateral (
            select e.cliente_id from public.eventos as e
            where e.numero is null and e.cliente_id > n.cliente_id order by e.cliente_id limit 1
        ) as x
    )
    select coalesce(jsonb_agg(y.cliente_id), '[]') into v_clientes
    from (
        select n.cliente_id from novos as n
        union
        select t.cliente_id from public.eventos_totais as t where t.publicado < t.ultimo
    ) as y;
    return jsonb_build_object('meu', true, 'clientes', v_clientes);
end
$$;
comment on function worker.eventos_pendentes(text, boolean) is
'De que clientes há eventos por numerar ou por contar, se este worker é quem retransmite (meu): um só o é, e outro toma o lugar 0,7 s depois do último sinal. p_fim = deixa o lugar.
Erros: 23514 nome inválido.
Efeitos: retransmissores.
Desde: 0.3.0';
