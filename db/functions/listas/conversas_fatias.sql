/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_fatias(
    p_cliente_id uuid, p_filtros public.conversas_filtros
) returns table (tudo boolean, status text[], donos uuid[], equipes uuid[], filas uuid[], fila_comum boolean, conexao_id uuid)
language plpgsql stable security invoker set search_path = ''
as $$
declare
    c_fatias constant integer := 200;
    v_visibilidade text := current_setting('app.visibilidade', true);
    v_eu uuid := interno.usuario_corrente();
    v_minhas uuid[];
begin
    tudo := false;
    fila_comum := false;
    donos := '{}';
    equipes := '{}';
    filas := '{}';
    status := case when p_filtros.aba = 'FILA' then '{ABERTA}'
        else coalesce(p_filtros.status, '{ABERTA,EM_ATENDIMENTO,AGUARDANDO_CLIENTE,ADIADA,RESOLVIDA}') end;
    if p_filtros.aba = 'MINHAS' then
        donos := array[v_eu];
        return next;
        return;
    end if;
    if p_filtros.usuario_id is not null and (v_visibilidade <> 'PROPRIA' or p_filtros.usuario_id = v_eu) then
        donos := array[p_filtros.usuario_id];
        return next;
        return;
    end if;
    v_minhas := array(select m.equipe_id from public.equipes_membros as m where m.cliente_id = p_cliente_id and m.usuario_id = v_eu);
    if p_filtros.aba = 'FILA' or p_filtros.sem_dono then
        filas := case when v_visibilidade = 'TODAS' then array(select e.id from public.equipes as e where e.cliente_id = p_cliente_id)
            else v_minhas end;
        fila_comum := p_filtros.equipe_id is null;
        if p_filtros.equipe_id is not null then
            filas := case when p_filtros.equipe_id = any (filas) then array[p_filtros.equipe_id] else '{}' end;
        end if;
        return next;
        return;
    end if;
    conexao_id := p_filtros.conexao_id;
    if v_visibilidade = 'TODAS' then
        tudo := p_filtros.equipe_id is null;
        equipes := case when not tudo then array[p_filtros.equipe_id] else '{}' end;
        return next;
        return;
    end if;
    donos := array[v_eu];
    filas := v_minhas;
    fila_comum := true;
    if v_visibilidade = 'EQUIPE' then
        filas := '{}';
        equipes := v_minhas;
        donos := array(
            select distinct m.usuario_id from public.equipes_membros as m where m.cliente_id = p_cliente_id and m.equipe_id = any (v_minhas)
            union
            select v_eu
        );
        -- so many colleagues see most of the inbox: its own order and the predicate are cheaper than their slices
        tudo := (cardinality(donos) + cardinality(equipes)) * cardinality(status) > c_fatias;
    end if;
    return next;
end
$$;
comment on function interno.conversas_fatias(uuid, public.conversas_filtros) is
'Em que fatias da caixa de entrada (donos, equipes, filas) estão as conversas que a aba, os filtros e a visibilidade deixam ver; tudo = em qualquer.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
