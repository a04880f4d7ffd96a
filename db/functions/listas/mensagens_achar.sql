/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagens_achar(
    p_cliente_id uuid, p_busca text, p_conversa_id uuid, p_limite integer, p_antes_de uuid
) returns table (ids uuid[], fim uuid)
language plpgsql stable security invoker set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
declare
    c_rodadas constant integer := 6;
    v_consulta tsquery := interno.busca_consulta(p_busca);
    v_antes_de uuid := coalesce(p_antes_de, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
    v_quantas integer := p_limite;
    v_lote uuid[];
begin
    ids := '{}';
    if p_conversa_id is not null then
        ids := array(
            select m.id
            from public.mensagens as m
            join public.mensagens_busca as b on b.cliente_id = p_cliente_id and b.mensagem_id = m.id
            where m.cliente_id = p_cliente_id and m.conversa_id = p_conversa_id and m.id < v_antes_de and b.termos @@ v_consulta
            order by m.id desc
            limit p_limite
        );
        return next;
        return;
    end if;
    for v_rodada in 1..c_rodadas loop
        v_lote := array(select b.id from interno.mensagens_ids_buscar(p_cliente_id, p_busca, v_quantas, v_antes_de) as b (id));
        ids := ids || array(
            select g.id
            from (
                select m.id, v.usuario_id, v.equipe_id
                from unnest(v_lote) as l (id)
                join public.mensagens as m on m.cliente_id = p_cliente_id and m.id = l.id
                join public.conversas as v on v.cliente_id = p_cliente_id and v.id = m.conversa_id
                where m.apagado_em is null
            ) as g
            where interno.visivel(p_cliente_id, g.usuario_id, g.equipe_id)
            order by g.id desc
            limit p_limite - cardinality(ids)
        );
        fim := case when cardinality(v_lote) = v_quantas then v_lote[v_quantas] end;
        exit when fim is null or cardinality(ids) >= p_limite;
        v_antes_de := fim;
        v_quantas := 500;
    end loop;
    return next;
end
$$;
comment on function interno.mensagens_achar(uuid, text, uuid, integer, uuid) is
'Mensagens visíveis que correspondem a uma busca, numa conversa (que quem chama conferiu) ou em todas; fim = onde parou de procurar, nulo quando viu tudo.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
