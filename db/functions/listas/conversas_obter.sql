/* pgmigrate-encoding: utf-8 */
create or replace function api.conversas_obter(p_cliente_id uuid, p_sessao text, p_ids uuid[], p_filtros jsonb default '{}') returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_maximo constant integer := 200;
    v_filtros public.conversas_filtros;
    v_ids uuid[] := p_ids;
    v_achadas uuid[];
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    if p_ids is null or cardinality(p_ids) not between 1 and c_maximo then
        raise exception using errcode = '22023', message = 'informe de 1 a 200 conversas', column = 'ids';
    end if;
    v_filtros := interno.conversas_filtros_ler(p_filtros);
    if v_filtros.texto is not null then
        v_achadas := interno.conversas_ids_buscar(p_cliente_id, v_filtros.texto);
        v_ids := array(select u.id from unnest(p_ids) as u (id) where u.id = any (v_achadas));
    end if;
    return jsonb_build_object('dados', interno.conversas_json(p_cliente_id, array(
        select v_ids[f.n] from interno.conversas_filtrar(p_cliente_id, v_filtros, null, v_ids) as f (n) order by f.n
    )), 'topicos', (
        select interno.eventos_topicos('conversas', v.usuario_id, v.equipe_id)
        from public.conversas as v
        where v.cliente_id = p_cliente_id and v.id = p_ids[1] and cardinality(p_ids) = 1
            and interno.visivel(p_cliente_id, v.usuario_id, v.equipe_id)
    ));
end
$$;
comment on function api.conversas_obter(uuid, text, uuid[], jsonb) is
'Destas conversas (até 200), como a lista as mostra agora, as que cabem nos filtros e quem pede pode ver: o que falta saiu da lista. De uma só, topicos diz quem mais a vê.
Erros: 22* ids, filtro ou busca inválidos.
Efeitos: nenhum.
Desde: 0.3.0';
