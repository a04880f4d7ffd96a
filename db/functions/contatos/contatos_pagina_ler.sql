/* pgmigrate-encoding: utf-8 */
create or replace function interno.contatos_pagina_ler(
    p_cliente_id uuid, p_busca text, p_etiqueta_id uuid, p_marketing text, p_bloqueado boolean, p_limite integer, p_antes_de uuid
) returns table (ids uuid[], fim uuid)
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_rodadas constant integer := 10;
    v_quantos integer := p_limite + 1;
    v_lote uuid[];
begin
    ids := '{}';
    fim := p_antes_de;
    -- candidates come by index; filters and visibility thin them out, so one batch may not fill the page
    for v_rodada in 1..c_rodadas loop
        v_lote := array(
            select b.id
            from interno.contatos_candidatos(p_cliente_id, p_busca, p_etiqueta_id, p_marketing, p_bloqueado, v_quantos, fim) as b (id)
        );
        ids := ids || array(
            select c.id
            from unnest(v_lote) as l (id)
            join public.contatos as c on c.cliente_id = p_cliente_id and c.id = l.id
            where c.removido_em is null and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
                and (p_marketing is null or c.marketing = p_marketing)
                and (p_bloqueado is null or c.bloqueado = p_bloqueado)
                and (p_etiqueta_id is null or exists (
                    select from public.contatos_etiquetas as e
                    where e.cliente_id = p_cliente_id and e.contato_id = c.id and e.etiqueta_id = p_etiqueta_id
                ))
            order by c.id desc
        );
        fim := case when cardinality(v_lote) = v_quantos then v_lote[v_quantos] end;
        exit when fim is null or cardinality(ids) > p_limite;
        v_quantos := greatest(v_quantos, 2000);
    end loop;
    if cardinality(ids) > p_limite then
        ids := ids[1:p_limite];
        fim := ids[p_limite];
    end if;
    return next;
end
$$;
comment on function interno.contatos_pagina_ler(uuid, text, uuid, text, boolean, integer, uuid) is
'Até p_limite ids de contatos visíveis com esses filtros, do mais novo para o mais velho, antes de p_antes_de; fim = de onde a próxima página parte, ou nulo. O trabalho é limitado: uma página pode vir curta e ainda ter fim.
Erros: 22023 busca curta.
Efeitos: nenhum.
Desde: 0.3.0';
