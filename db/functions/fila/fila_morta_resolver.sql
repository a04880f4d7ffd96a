/* pgmigrate-encoding: utf-8 */
create or replace function interno.fila_morta_resolver(
    p_cliente_id uuid, p_resolucao text, p_motivo text, p_ids uuid[], p_criterios jsonb, p_cursor text
) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_lote constant integer := 1000;
    v_motivo text := btrim(p_motivo);
    v_apos uuid;
    v_ids uuid[];
    v_recusados jsonb;
    v_restam bigint := 0;
begin
    if coalesce(char_length(v_motivo) not between 3 and 300, true) then
        raise exception using errcode = 'ZRF01', column = 'motivo', message = 'explique o motivo, em 3 a 300 caracteres';
    end if;
    if (p_ids is null) = (p_criterios = '{}') or cardinality(p_ids) not between 1 and c_lote then
        raise exception using errcode = 'ZRF02', column = 'ids', message = 'diga o que resolver: de 1 a 1000 ids ou um filtro, e não os dois';
    end if;
    v_apos := interno.cursor_ler(p_cursor);
    v_ids := array(select distinct i.id from unnest(p_ids) as i (id));
    if p_ids is null then
        v_ids := interno.fila_morta_escolher(p_cliente_id, p_criterios, true, v_apos, c_lote, true);
    elsif cardinality(v_ids) <> (
        select count(*) from public.fila_morta as d where d.cliente_id = p_cliente_id and d.id = any (v_ids)
    ) then
        raise exception using errcode = 'ZNF01', message = 'item da fila morta não encontrado';
    end if;
    if p_resolucao = 'REENFILEIRADA' then
        select coalesce(jsonb_object_agg(v.id, v.recusa), '{}') into v_recusados
        from interno.fila_morta_voltar(p_cliente_id, v_ids, v_motivo) as v;
    else
        v_recusados := interno.fila_morta_largar(p_cliente_id, v_ids, v_motivo);
    end if;
    if p_ids is not null and (select count(*) from jsonb_object_keys(v_recusados)) = cardinality(v_ids) then
        raise exception using errcode = 'ZCF01', column = 'ids', detail = (select r.value from jsonb_each_text(v_recusados) as r limit 1),
            message = format('nada a fazer: %s', interno.fila_recusa_texto((select r.value from jsonb_each_text(v_recusados) as r limit 1)));
    end if;
    if p_ids is null and cardinality(v_ids) = c_lote then
        v_restam := cardinality(interno.fila_morta_escolher(p_cliente_id, p_criterios, true, v_ids[c_lote], 100000, true));
    end if;
    perform interno.auditar(p_cliente_id, 'fila_morta_' || lower(p_resolucao), 'fila_morta', p_ids[1], jsonb_build_object(
        'motivo', v_motivo, 'criterios', p_criterios, 'total', cardinality(v_ids), 'ids', v_ids[1:100],
        'recusados', (select count(*) from jsonb_object_keys(v_recusados))
    ));
    perform interno.avisar(p_cliente_id, 'fila_morta_mudou', coalesce(v_ids[1], p_cliente_id));
    return interno.resolucao_json(v_ids, v_recusados, v_restam, case when v_restam > 0 then v_ids[c_lote] end);
end
$$;
comment on function interno.fila_morta_resolver(uuid, text, text, uuid[], jsonb, text) is
'Reenfileira ou descarta itens da fila morta: os ids dados, ou os até 1.000 mais antigos de um filtro, depois do cursor. restam (até 100.000) diz quantos o filtro ainda tem: repita com proximoCursor.
Erros: ZRF01 motivo; ZRF02 nem ids nem filtro; ZNF01; ZCF01 nenhum dos ids pôde ser feito; 22023.
Efeitos: fila_morta, auditoria, eventos e os de fila_morta_voltar e fila_morta_largar.
Desde: 0.2.0';
