/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_aplicar(p_cliente_id uuid, p_itens jsonb) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_meio integer := jsonb_array_length(p_itens) / 2;
    v_metades jsonb;
    v_erro text;
begin
    if p_itens = '[]' then
        return '[]';
    end if;
    begin
        perform interno.entrada_registrar(p_cliente_id, p_itens);
        return '[]';
    exception when cardinality_violation or data_exception or integrity_constraint_violation or program_limit_exceeded then
        -- anything else may go well another time: it is the queue's to repeat, with all of them
        v_erro := sqlstate;
    end;
    if v_meio = 0 then
        return jsonb_build_array(jsonb_build_object(
            'id', p_itens #> '{0,webhookId}', 'motivo', 'PARTE_FALHOU', 'nome', concat_ws(': ', left(p_itens #>> '{0,idExterno}', 100), v_erro)
        ));
    end if;
    select jsonb_agg(m.itens order by m.segunda) into v_metades
    from (
        select i.n > v_meio as segunda, jsonb_agg(i.value order by i.n) as itens
        from jsonb_array_elements(p_itens) with ordinality as i (value, n)
        group by 1
    ) as m;
    return interno.entrada_aplicar(p_cliente_id, v_metades -> 0) || interno.entrada_aplicar(p_cliente_id, v_metades -> 1);
end
$$;
comment on function interno.entrada_aplicar(uuid, jsonb) is
'interno.entrada_registrar, sem que um item leve os outros consigo: o que não se guarda junto se parte ao meio até ficar só o culpado. Devolve os que não se guardaram: [{id (do webhook), motivo, nome}].
Erros: os que não são do conteúdo (nem 21*, 22*, 23*, 54*).
Efeitos: os de entrada_registrar.
Desde: 0.3.0';
