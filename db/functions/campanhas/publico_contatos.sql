/* pgmigrate-encoding: utf-8 */
create or replace function interno.publico_contatos(p_cliente_id uuid, p_filtro jsonb) returns setof uuid
language plpgsql stable security invoker set search_path = '' rows 10000
as $$
declare
    v_com uuid[];
    v_sem uuid[];
    v_fuso text := (select k.fuso from public.clientes as k where k.id = p_cliente_id);
begin
    v_com := array(select e.value::uuid from jsonb_array_elements_text(p_filtro -> 'etiquetaIds') as e);
    v_sem := array(select e.value::uuid from jsonb_array_elements_text(p_filtro -> 'semEtiquetaIds') as e);
    return query
    select c.id
    from public.contatos as c
    where c.cliente_id = p_cliente_id and c.removido_em is null
        and (not p_filtro ? 'etiquetaIds' or exists (
            select from public.contatos_etiquetas as ce
            where ce.cliente_id = p_cliente_id and ce.contato_id = c.id and ce.etiqueta_id = any (v_com)
        ))
        and not exists (
            select from public.contatos_etiquetas as ce
            where ce.cliente_id = p_cliente_id and ce.contato_id = c.id and ce.etiqueta_id = any (v_sem)
        )
        and (not p_filtro ? 'marketing' or c.marketing = p_filtro ->> 'marketing')
        and (not p_filtro ? 'origem' or c.origem = p_filtro ->> 'origem')
        and (not p_filtro ? 'criadoDe' or c.criado_em >= interno.instante_ler(p_filtro ->> 'criadoDe', v_fuso))
        and (not p_filtro ? 'criadoAte' or c.criado_em < interno.instante_ler(p_filtro ->> 'criadoAte', v_fuso))
        and (not p_filtro ? 'campos' or c.campos @> (p_filtro -> 'campos'));
end
$$;
comment on function interno.publico_contatos(uuid, jsonb) is
'Contatos que um filtro de público (interno.campanha_filtro_conferir) alcança agora.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
