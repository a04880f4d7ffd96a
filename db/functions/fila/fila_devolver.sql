/* pgmigrate-encoding: utf-8 */
create or replace function worker.fila_devolver(p_cliente_id uuid, p_dono text, p_itens jsonb) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_total integer;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    update public.fila as f set reservado_por = null, reservado_ate = null
    from jsonb_to_recordset(p_itens) as i (id uuid, cerca bigint)
    where f.cliente_id = p_cliente_id and f.id = i.id and f.cerca = i.cerca and f.reservado_por = p_dono and f.intencao_em is null;
    get diagnostics v_total = row_count;
    return to_jsonb(v_total);
end
$$;
comment on function worker.fila_devolver(uuid, text, jsonb) is
'Devolve reservas que não chegaram à intenção ([{id, cerca}]): nada foi enviado, nenhuma tentativa conta.
Erros: 42501 sem cliente.
Efeitos: fila.
Desde: 0.1.0';
