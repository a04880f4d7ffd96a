/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_conjunto(p_cliente_id uuid, p_filtros public.conversas_filtros, p_ordem text) returns uuid[]
language plpgsql stable security invoker set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
declare
    c_maximo constant integer := 2000;
    v_pessoas uuid[];
    v_ids uuid[];
    v_limite timestamptz;
begin
    if p_filtros.texto is not null then
        return interno.conversas_ids_buscar(p_cliente_id, p_filtros.texto);
    end if;
    if p_filtros.contato_id is not null then
        return array(select v.id from public.conversas as v where v.cliente_id = p_cliente_id and v.contato_id = p_filtros.contato_id limit c_maximo);
    end if;
    if p_filtros.aba = 'MENCOES' then
        return array(
            select distinct n.conversa_id from public.mencoes as n
            where n.cliente_id = p_cliente_id and n.usuario_id = interno.usuario_corrente() and n.lida_em is null
            limit c_maximo
        );
    end if;
    -- what few conversations have is read whole; what many have is found soon by walking the list
    if p_filtros.etiqueta_id is not null then
        v_pessoas := array(
            select e.contato_id from public.contatos_etiquetas as e
            where e.cliente_id = p_cliente_id and e.etiqueta_id = p_filtros.etiqueta_id limit c_maximo + 1
        );
    elsif p_filtros.campanha_id is not null then
        v_pessoas := array(
            select l.contato_id from public.campanhas_log as l
            where l.cliente_id = p_cliente_id and l.campanha_id = p_filtros.campanha_id and l.status = 'ENVIADO' limit c_maximo + 1
        );
    end if;
    if cardinality(v_pessoas) <= c_maximo then
        v_ids := array(
            select v.id from unnest(v_pessoas) as p (id)
            join public.conversas as v on v.cliente_id = p_cliente_id and v.contato_id = p.id
            limit c_maximo + 1
        ) || array(
            select e.conversa_id from public.conversas_etiquetas as e
            where e.cliente_id = p_cliente_id and e.etiqueta_id = p_filtros.etiqueta_id limit c_maximo + 1
        );
    elsif p_filtros.nao_lidas then
        v_ids := array(select v.id from public.conversas as v where v.cliente_id = p_cliente_id and v.nao_lidas > 0 limit c_maximo + 1);
    elsif p_filtros.sem_resposta_minutos is not null then
        v_limite := now() - make_interval(mins => p_filtros.sem_resposta_minutos);
        v_ids := array(
            select v.id from public.conversas as v
            where v.cliente_id = p_cliente_id and v.espera_desde is not null and v.espera_desde < v_limite limit c_maximo + 1
        );
    elsif p_ordem <> 'ULTIMA_ATIVIDADE' and (p_ordem <> 'ESPERA' or p_filtros.aba <> 'FILA') and (
        p_filtros.aba <> 'TODAS' or current_setting('app.visibilidade', true) <> 'TODAS' or p_filtros.usuario_id is not null
        or p_filtros.equipe_id is not null or p_filtros.conexao_id is not null or p_filtros.status is not null or p_filtros.sem_dono
    ) then
        v_ids := array(
            select c.id from interno.conversas_candidatas(p_cliente_id, p_filtros, null, 'ATIVIDADE', null, c_maximo + 1, null, null) as c
        );
    end if;
    return case when cardinality(v_ids) <= c_maximo then v_ids end;
end
$$;
comment on function interno.conversas_conjunto(uuid, public.conversas_filtros, text) is
'As conversas que um filtro raro alcança, quando são poucas o bastante para se ler todas; nulo = são muitas, ou nada as estreita.
Erros: 22023 busca curta demais.
Efeitos: nenhum.
Desde: 0.3.0';
