/* pgmigrate-encoding: utf-8 */
create or replace function interno.etiqueta_trocar(p_cliente_id uuid, p_de uuid, p_para uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    update public.visoes as s set filtros = jsonb_set(s.filtros, '{etiquetaId}', to_jsonb(p_para))
    where s.cliente_id = p_cliente_id and s.filtros ->> 'etiquetaId' = p_de::text;
    -- the ids stand nowhere else in the filter, so the text can be exchanged where it stands
    update public.campanhas as k set publico_filtro = replace(k.publico_filtro::text, p_de::text, p_para::text)::jsonb
    where k.cliente_id = p_cliente_id and k.status in ('RASCUNHO', 'AGENDADA')
        and (k.publico_filtro -> 'etiquetaIds' ? p_de::text or k.publico_filtro -> 'semEtiquetaIds' ? p_de::text);
end
$$;
comment on function interno.etiqueta_trocar(uuid, uuid, uuid) is
'Onde visões salvas e campanhas por enviar escolhem por uma etiqueta, passam a escolher pela outra.
Erros: nenhum.
Efeitos: visoes, campanhas.
Desde: 0.3.0';
