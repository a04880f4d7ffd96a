/* pgmigrate-encoding: utf-8 */
create or replace function interno.contatos_candidatos(
    p_cliente_id uuid, p_busca text, p_etiqueta_id uuid, p_marketing text, p_bloqueado boolean, p_limite integer, p_antes_de uuid
) returns setof uuid
language plpgsql stable security invoker set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
begin
    if p_busca is not null then
        return query select b.id from interno.contatos_ids_buscar(p_cliente_id, p_busca, p_limite, p_antes_de) as b (id);
    elsif p_etiqueta_id is not null then
        return query
        select e.contato_id
        from public.contatos_etiquetas as e
        where e.cliente_id = p_cliente_id and e.etiqueta_id = p_etiqueta_id and (p_antes_de is null or e.contato_id < p_antes_de)
        order by e.contato_id desc
        limit p_limite;
    elsif current_setting('app.visibilidade', true) = 'PROPRIA' and p_marketing is null and p_bloqueado is null then
        -- one's own and nobody's, each in order by its index: a walk over everybody's would mostly skip
        return query
        select x.id
        from (
            (
                select c.id from public.contatos as c
                where c.cliente_id = p_cliente_id and c.responsavel_id = interno.usuario_corrente()
                    and (p_antes_de is null or c.id < p_antes_de)
                order by c.id desc limit p_limite
            )
            union all
            (
                select c.id from public.contatos as c
                where c.cliente_id = p_cliente_id and c.responsavel_id is null and (p_antes_de is null or c.id < p_antes_de)
                order by c.id desc limit p_limite
            )
        ) as x
        order by x.id desc
        limit p_limite;
    else
        return query
        select c.id
        from public.contatos as c
        where c.cliente_id = p_cliente_id and c.removido_em is null and (p_antes_de is null or c.id < p_antes_de)
            and (p_marketing is null or c.marketing = p_marketing)
            and (not coalesce(p_bloqueado, false) or c.bloqueado)
        order by c.id desc
        limit p_limite;
    end if;
end
$$;
comment on function interno.contatos_candidatos(uuid, text, uuid, text, boolean, integer, uuid) is
'Ids de onde uma lista de contatos parte, pelo índice que mais estreita; quem chama aplica os demais filtros e a visibilidade.
Erros: 22023 busca curta demais.
Efeitos: nenhum.
Desde: 0.1.0';
