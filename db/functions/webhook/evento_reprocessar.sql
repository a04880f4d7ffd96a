/* pgmigrate-encoding: utf-8 */
create or replace function api.evento_reprocessar(
    p_cliente_id uuid, p_sessao text, p_ids uuid[] default null, p_status text default null, p_conexao_id uuid default null,
    p_de timestamptz default null, p_ate timestamptz default null, p_campo text default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_maximo constant integer := 1000;
    v_ids uuid[] := p_ids;
    v_repostos integer;
    v_restam boolean := false;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'webhooks:reprocessar');
    if p_ids is null and p_status is null and p_de is null then
        raise exception using errcode = 'ZRW01', message = 'diga quais eventos: ids, um estado ou desde quando', column = 'ids';
    end if;
    if cardinality(p_ids) > c_maximo then
        raise exception using errcode = 'ZRW02', message = 'são no máximo 1.000 eventos de cada vez', column = 'ids';
    end if;
    if p_ids is null then
        v_ids := interno.webhooks_escolher(
            p_cliente_id, p_status, p_conexao_id, p_de, p_ate, p_campo, interno.cursor_ler(p_cursor), c_maximo + 1
        );
        v_restam := cardinality(v_ids) > c_maximo;
        v_ids := v_ids[1:c_maximo];
    end if;
    v_repostos := interno.webhooks_repor(p_cliente_id, v_ids);
    perform interno.auditar(p_cliente_id, 'webhooks_reprocessados', 'webhooks_recebidos', null, jsonb_strip_nulls(jsonb_build_object(
        'ids', case when p_ids is null then null else cardinality(p_ids) end, 'status', p_status, 'conexaoId', p_conexao_id, 'de', p_de,
        'ate', p_ate, 'campo', p_campo, 'repostos', v_repostos
    )));
    return jsonb_build_object(
        'reenfileirados', v_repostos,
        'proximoCursor', case when v_restam then replace(v_ids[c_maximo]::text, '-', '') end
    );
end
$$;
comment on function api.evento_reprocessar(uuid, text, uuid[], text, uuid, timestamptz, timestamptz, text, text) is
'Devolve à fila eventos recebidos, por ids ou por filtro, até 1.000 de cada vez (repita com proximoCursor): o que já foi aplicado não se aplica de novo, e o que espera na fila fica como está. Devolve quantos voltaram.
Erros: ZRW01 nem ids nem filtro; ZRW02 ids demais; 22023.
Efeitos: webhooks_recebidos, fila, fila_morta, auditoria.
Desde: 0.3.0';
