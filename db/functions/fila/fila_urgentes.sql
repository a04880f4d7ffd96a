/* pgmigrate-encoding: utf-8 */
create or replace function interno.fila_urgentes(
    p_cliente_id uuid, p_conexao_id uuid, p_dono text, p_itens jsonb, p_agora timestamptz, p_lease interval
) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    -- an array: what is read out of jsonb may not, under RLS, be an index condition
    v_pedidos uuid[] := array(select (i.value ->> 'id')::uuid from jsonb_array_elements(p_itens) as i);
    v_ids uuid[] := interno.fila_escolher(p_cliente_id, p_conexao_id, '{1,3,5}', cardinality(v_pedidos), p_agora);
    v_cedem uuid[];
    v_urgentes jsonb;
begin
    if cardinality(v_ids) = 0 then
        return p_itens;
    end if;
    -- the last to come give way first
    v_cedem := array(
        select f.id from public.fila as f
        where f.cliente_id = p_cliente_id and f.id = any (v_pedidos) and f.prioridade = 7
            and f.reservado_por = p_dono and f.intencao_em is null
        order by array_position(v_pedidos, f.id) desc
        limit cardinality(v_ids)
    );
    perform worker.fila_devolver(p_cliente_id, p_dono, (
        select coalesce(jsonb_agg(i.value), '[]') from jsonb_array_elements(p_itens) as i where (i.value ->> 'id')::uuid = any (v_cedem)
    ));
    with reservadas as (
        update public.fila as f
        set reservado_por = p_dono, reservado_ate = p_agora + p_lease, cerca = f.cerca + 1
        where f.cliente_id = p_cliente_id and f.id = any (v_ids[:cardinality(v_cedem)])
        returning f.id, f.cerca
    )
    select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'cerca', r.cerca)), '[]') into v_urgentes from reservadas as r;
    return v_urgentes || (
        select coalesce(jsonb_agg(i.value), '[]') from jsonb_array_elements(p_itens) as i where (i.value ->> 'id')::uuid <> all (v_cedem)
    );
end
$$;
comment on function interno.fila_urgentes(uuid, uuid, text, jsonb, timestamptz, interval) is
'Na hora de anunciar, põe mensagens de pessoas, bots e agendadas no lugar das de campanha ([{id, cerca}]), que voltam à fila: o que é urgente não espera pelo que foi reservado antes dele. Devolve o que anunciar.
Erros: nenhum.
Efeitos: fila (dono, prazo, cerca).
Desde: 0.2.0';
