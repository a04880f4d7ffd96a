/* pgmigrate-encoding: utf-8 */
create or replace function worker.interno_vencidos(p_cliente_id uuid, p_limite integer default 50) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
begin
    perform interno.contexto_trabalho(p_cliente_id);
    return to_jsonb(array(
        select f.id
        from public.fila as f
        where f.cliente_id = p_cliente_id and f.execucao = 'BANCO' and f.reservado_ate is null and f.executar_em <= v_agora
        order by f.executar_em, f.id
        limit p_limite
    ));
end
$$;
comment on function worker.interno_vencidos(uuid, integer) is
'Ids dos trabalhos internos vencidos, para tentar um a um quando um lote falhou.
Erros: 42501 sem cliente.
Efeitos: nenhum.
Desde: 0.1.0';
