/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_contatos(p_cliente_id uuid, p_campanha_id uuid) returns setof uuid
language plpgsql stable security invoker set search_path = '' rows 10000
as $$
declare
    r_campanha record;
    v_com uuid[];
    v_sem uuid[];
begin
    select k.publico_tipo, k.publico_filtro as filtro into strict r_campanha
    from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_campanha_id;
    if r_campanha.publico_tipo = 'CONTATOS' then
        return query select p.contato_id from public.campanhas_publico as p
        where p.cliente_id = p_cliente_id and p.campanha_id = p_campanha_id;
        return;
    end if;
    v_com := array(select e.value::uuid from jsonb_array_elements_text(r_campanha.filtro -> 'etiquetaIds') as e);
    v_sem := array(select e.value::uuid from jsonb_array_elements_text(r_campanha.filtro -> 'semEtiquetaIds') as e);
    return query
    select c.id
    from public.contatos as c
    where c.cliente_id = p_cliente_id and c.removido_em is null
        and (not r_campanha.filtro ? 'etiquetaIds' or exists (
            select from public.contatos_etiquetas as ce
            where ce.cliente_id = p_cliente_id and ce.contato_id = c.id and ce.etiqueta_id = any (v_com)
        ))
        and not exists (
            select from public.contatos_etiquetas as ce
            where ce.cliente_id = p_cliente_id and ce.contato_id = c.id and ce.etiqueta_id = any (v_sem)
        )
        and (not r_campanha.filtro ? 'marketing' or c.marketing = r_campanha.filtro ->> 'marketing')
        and (not r_campanha.filtro ? 'origem' or c.origem = r_campanha.filtro ->> 'origem')
        and (not r_campanha.filtro ? 'criadoDe' or c.criado_em >= (r_campanha.filtro ->> 'criadoDe')::timestamptz)
        and (not r_campanha.filtro ? 'criadoAte' or c.criado_em < (r_campanha.filtro ->> 'criadoAte')::timestamptz)
        and (not r_campanha.filtro ? 'campos' or c.campos @> (r_campanha.filtro -> 'campos'));
end
$$;
comment on function interno.campanha_contatos(uuid, uuid) is
'Contatos que o público da campanha alcança agora (ids escolhidos, etiquetas ou filtro).
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
