/* pgmigrate-encoding: utf-8 */
create or replace function api.incertos_decidir(
    p_cliente_id uuid, p_sessao text, p_campanha_id uuid, p_decisao text, p_motivo text, p_confirmar boolean default false,
    p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_lote constant integer := 1000;
    v_agora timestamptz := clock_timestamp();
    v_motivo text;
    v_ids uuid[];
    v_recusados jsonb;
    v_restam bigint := 0;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'entregas:revisar');
    v_motivo := interno.decisao_conferir(p_decisao, p_motivo, p_confirmar);
    if not exists (select from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_campanha_id) then
        raise exception using errcode = 'ZNK01', message = 'campanha não encontrada';
    end if;
    v_ids := array(
        select i.id from interno.incertos_ler(
            p_cliente_id, v_agora, 'CAMPANHA', p_campanha_id, null, true, null, null, interno.cursor_ler(p_cursor), c_lote
        ) as i
    );
    v_recusados := interno.incertos_resolver(p_cliente_id, 'CAMPANHA', v_ids, p_decisao, v_motivo);
    if cardinality(v_ids) = c_lote then
        select count(*) into v_restam
        from interno.incertos_ler(p_cliente_id, v_agora, 'CAMPANHA', p_campanha_id, null, true, null, null, v_ids[c_lote], 100000) as i;
    end if;
    perform interno.auditar(p_cliente_id, 'incertos_decididos', 'campanhas', p_campanha_id, jsonb_build_object(
        'decisao', p_decisao, 'motivo', v_motivo, 'total', cardinality(v_ids),
        'recusados', (select count(*) from jsonb_object_keys(v_recusados))
    ));
    return interno.resolucao_json(v_ids, v_recusados, v_restam, case when v_restam > 0 then v_ids[c_lote] end);
end
$$;
comment on function api.incertos_decidir(uuid, text, uuid, text, text, boolean, text) is
'Uma pessoa decide, de uma vez, sobre os envios de uma campanha sem confirmação e já fora do prazo: até 1.000 por chamada (repita com proximoCursor enquanto restam). Cada um guarda a decisão.
Erros: ZNK01; ZRF01 motivo; ZRF03 reenvio sem confirmação; 22023.
Efeitos: entregas_decisoes, campanhas, campanhas_log, fila, auditoria, eventos.
Desde: 0.2.0';
