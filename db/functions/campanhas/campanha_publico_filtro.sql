/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_publico_filtro(p_cliente_id uuid, p_etiqueta_ids uuid[], p_filtro jsonb) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_filtro jsonb := case
        when p_etiqueta_ids is not null then jsonb_build_object('etiquetaIds', to_jsonb(p_etiqueta_ids))
        else coalesce(p_filtro, '{}')
    end;
begin
    perform interno.campanha_filtro_conferir(v_filtro);
    if exists (
        select from jsonb_array_elements_text(
            coalesce(v_filtro -> 'etiquetaIds', '[]') || coalesce(v_filtro -> 'semEtiquetaIds', '[]')
        ) as e
        where not exists (select from public.etiquetas as t where t.cliente_id = p_cliente_id and t.id = e.value::uuid)
    ) then
        raise exception using errcode = 'ZNE01', message = 'etiqueta não encontrada', column = 'etiquetaIds';
    end if;
    return v_filtro;
end
$$;
comment on function interno.campanha_publico_filtro(uuid, uuid[], jsonb) is
'O filtro de público a guardar, com as etiquetas conferidas no cliente.
Erros: ZRK08 filtro inválido; ZRK23 data que não existe; ZNE01 etiqueta não encontrada.
Efeitos: nenhum.
Desde: 0.1.0';
