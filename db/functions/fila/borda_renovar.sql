/* pgmigrate-encoding: utf-8 */
create or replace function worker.borda_renovar(
    p_cliente_id uuid, p_dono text, p_id uuid, p_cerca bigint, p_lease interval default '60 seconds'
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
begin
    perform interno.contexto_trabalho(p_cliente_id);
    update public.fila as f set reservado_ate = v_agora + p_lease
    where f.cliente_id = p_cliente_id and f.id = p_id and f.cerca = p_cerca and f.reservado_por = p_dono and f.execucao = 'BORDA';
    return to_jsonb(found);
end
$$;
comment on function worker.borda_renovar(uuid, text, uuid, bigint, interval) is
'Prolonga a reserva de um trabalho da borda que ainda está sendo feito (um arquivo grande, por exemplo). Devolve se ela ainda era deste dono.
Erros: 42501 sem cliente.
Efeitos: fila.
Desde: 0.2.0';
