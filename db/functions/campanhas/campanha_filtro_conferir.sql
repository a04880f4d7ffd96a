/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_filtro_conferir(p_filtro jsonb) returns void
language plpgsql immutable security invoker set search_path = ''
as $$
declare
    v_chave text;
begin
    select f.key into v_chave
    from jsonb_each(p_filtro) as f
    where case f.key
        when 'etiquetaIds' then jsonb_typeof(f.value) = 'array' and not exists (
            select from jsonb_array_elements(f.value) as e where not pg_input_is_valid(e.value #>> '{}', 'uuid')
        )
        when 'semEtiquetaIds' then jsonb_typeof(f.value) = 'array' and not exists (
            select from jsonb_array_elements(f.value) as e where not pg_input_is_valid(e.value #>> '{}', 'uuid')
        )
        when 'marketing' then f.value #>> '{}' in ('NAO_INFORMADO', 'CONCEDIDO', 'REVOGADO')
        when 'origem' then f.value #>> '{}' in ('MANUAL', 'IMPORTACAO', 'WHATSAPP', 'API')
        when 'criadoDe' then pg_input_is_valid(f.value #>> '{}', 'timestamptz')
        when 'criadoAte' then pg_input_is_valid(f.value #>> '{}', 'timestamptz')
        when 'campos' then jsonb_typeof(f.value) = 'object'
        else false
    end is not true
    order by f.key limit 1;
    if v_chave in ('criadoDe', 'criadoAte') then
        raise exception using errcode = 'ZRK23', column = v_chave, message = 'esta data não existe: escreva dia, mês e ano';
    end if;
    if v_chave is not null then
        raise exception using errcode = 'ZRK08', column = 'filtro', message = format('o filtro %s não existe ou tem valor inválido', v_chave);
    end if;
end
$$;
comment on function interno.campanha_filtro_conferir(jsonb) is
'Confere o filtro de público: etiquetaIds, semEtiquetaIds, marketing, origem, criadoDe, criadoAte, campos. O que não se entende é recusado, nunca ignorado.
Erros: ZRK08; ZRK23 data que não existe.
Efeitos: nenhum.
Desde: 0.1.0';
