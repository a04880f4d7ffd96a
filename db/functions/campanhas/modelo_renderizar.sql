/* pgmigrate-encoding: utf-8 */
create or replace function interno.modelo_renderizar(p_componentes jsonb, p_parametros jsonb) returns text
language plpgsql immutable security invoker set search_path = ''
as $$
declare
    v_resto text;
    v_saida text := '';
    v_marca text;
    v_nome text;
    v_inicio integer;
begin
    select c.value ->> 'text' into v_resto from jsonb_array_elements(p_componentes) as c where upper(c.value ->> 'type') = 'BODY' limit 1;
    loop
        v_inicio := regexp_instr(v_resto, '\{\{\s*\w+\s*\}\}');
        exit when coalesce(v_inicio, 0) = 0;
        v_marca := regexp_substr(v_resto, '\{\{\s*\w+\s*\}\}');
        v_nome := regexp_substr(v_marca, '\w+');
        v_saida := v_saida || left(v_resto, v_inicio - 1) || coalesce(
            -- an amount of money or a date shows its own words
            p_parametros #>> array[v_nome, 'texto'], p_parametros ->> v_nome, v_marca
        );
        v_resto := substr(v_resto, v_inicio + char_length(v_marca));
    end loop;
    return v_saida || coalesce(v_resto, '');
end
$$;
comment on function interno.modelo_renderizar(jsonb, jsonb) is
'Texto do corpo do modelo com os parâmetros no lugar; valores nunca são relidos.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
