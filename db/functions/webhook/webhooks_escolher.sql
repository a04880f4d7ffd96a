/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhooks_escolher(
    p_cliente_id uuid, p_status text, p_conexao_id uuid, p_de timestamptz, p_ate timestamptz, p_campo text, p_antes uuid, p_limite integer
) returns uuid[]
language plpgsql stable security invoker set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
declare
    v_esperam uuid[];
    v_ids uuid[];
begin
    if p_status is not null and p_status not in ('PENDENTE', 'PROCESSADO', 'IGNORADO', 'DESCARTADO', 'ERRO') then
        raise exception using errcode = '22023', message = 'estado desconhecido', column = 'status';
    end if;
    if p_status = 'PENDENTE' then
        -- what waits is in the queue: few, wherever they are among all
        v_esperam := array(
            select f.alvo_id from public.fila as f
            where f.cliente_id = p_cliente_id and f.tipo = 'webhook_processar' and (p_antes is null or f.alvo_id < p_antes)
            order by f.alvo_id desc limit 10000
        );
    end if;
    -- the first thing that a body speaks of is in an index; the few that speak of several are in another
    select array_agg(x.id order by x.id desc) into v_ids
    from (
        (
            select w.id from public.webhooks_recebidos as w
            where w.cliente_id = p_cliente_id and (p_antes is null or w.id < p_antes) and (v_esperam is null or w.id = any (v_esperam))
                and interno.webhook_cabe(w, p_status, p_conexao_id, p_de, p_ate) and (p_campo is null or w.campos[1] = p_campo)
            order by w.id desc limit p_limite
        )
        union all
        (
            select w.id from public.webhooks_recebidos as w
            where w.cliente_id = p_cliente_id and (p_antes is null or w.id < p_antes) and (v_esperam is null or w.id = any (v_esperam))
                and interno.webhook_cabe(w, p_status, p_conexao_id, p_de, p_ate)
                and cardinality(w.campos) > 1 and p_campo = any (w.campos[2:])
            order by w.id desc limit p_limite
        )
    ) as x;
    return coalesce(v_ids[1:p_limite], '{}');
end
$$;
comment on function interno.webhooks_escolher(uuid, text, uuid, timestamptz, timestamptz, text, uuid, integer) is
'Ids dos webhooks recebidos que um filtro escolhe, do mais novo ao mais antigo, a partir de p_antes.
Erros: 22023 estado desconhecido.
Efeitos: nenhum.
Desde: 0.3.0';
