/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_candidatas(
    p_cliente_id uuid, p_filtros public.conversas_filtros, p_conjunto uuid[], p_chave text, p_esperando boolean, p_quantas integer,
    p_em timestamptz, p_id uuid
) returns table (em timestamptz, id uuid)
language plpgsql stable security invoker set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
declare
    r_fatias record;
    v_em timestamptz := coalesce(p_em, case p_chave when 'ESPERA' then '-infinity' else 'infinity' end::timestamptz);
    v_id uuid := coalesce(p_id, case p_chave when 'ESPERA' then '00000000-0000-0000-0000-000000000000' else 'ffffffff-ffff-ffff-ffff-ffffffffffff' end::uuid);
    v_de timestamptz := coalesce(p_filtros.atividade_de, '-infinity');
    v_prioridade text;
begin
    if p_conjunto is not null then
        return query
        select x.em, x.id
        from (
            select case p_chave when 'ATIVIDADE' then v.ultima_mensagem_em when 'ESPERA' then v.espera_desde else v.criado_em end as em, v.id
            from public.conversas as v
            where v.cliente_id = p_cliente_id and v.id = any (p_conjunto) and interno.conversa_cabe(v, p_filtros)
                and (p_esperando is null or (v.espera_desde is not null) = p_esperando)
        ) as x
        where case p_chave when 'ATIVIDADE' then (x.em, x.id) < (v_em, v_id) when 'ESPERA' then (x.em, x.id) > (v_em, v_id) else x.id < v_id end
        order by case when p_chave = 'ATIVIDADE' then x.em end desc, case when p_chave = 'ESPERA' then x.em end,
            case when p_chave <> 'ESPERA' then x.id end desc, x.id
        limit p_quantas;
        return;
    end if;
    if p_chave = 'CRIADA' then
        return query
        select v.criado_em, v.id
        from public.conversas as v
        where v.cliente_id = p_cliente_id and v.id < v_id
        order by v.id desc
        limit p_quantas;
        return;
    end if;
    select f.* into r_fatias from interno.conversas_fatias(p_cliente_id, p_filtros) as f;
    if p_chave = 'ESPERA' then
        if p_filtros.aba = 'FILA' then
            return query select e.em, e.id from interno.conversas_em_espera(
                p_cliente_id, r_fatias.filas, r_fatias.fila_comum, p_quantas, v_em, v_id) as e;
        else
            return query
            select v.espera_desde, v.id
            from public.conversas as v
            where v.cliente_id = p_cliente_id and v.espera_desde is not null and (v.espera_desde, v.id) > (v_em, v_id)
            order by v.espera_desde, v.id
            limit p_quantas;
        end if;
        return;
    end if;
    if p_filtros.atividade_ate < v_em then
        v_em := p_filtros.atividade_ate;
        v_id := '00000000-0000-0000-0000-000000000000';
    end if;
    if p_filtros.janela = 'ABERTA' then
        -- the window closes 24 hours after the person wrote, and that is an activity
        v_de := greatest(v_de, now() - interval '24 hours');
    end if;
    if cardinality(p_filtros.prioridade) = 1 and p_filtros.prioridade[1] <> 'NORMAL' then
        v_prioridade := p_filtros.prioridade[1];
        return query
        select v.ultima_mensagem_em, v.id
        from public.conversas as v
        where v.cliente_id = p_cliente_id and v.prioridade <> 'NORMAL' and v.prioridade = v_prioridade
            and (v.ultima_mensagem_em, v.id) < (v_em, v_id) and v.ultima_mensagem_em >= v_de
        order by v.ultima_mensagem_em desc, v.id desc
        limit p_quantas;
    elsif r_fatias.tudo and r_fatias.conexao_id is null and p_filtros.status is null then
        return query
        select v.ultima_mensagem_em, v.id
        from public.conversas as v
        where v.cliente_id = p_cliente_id and (v.ultima_mensagem_em, v.id) < (v_em, v_id) and v.ultima_mensagem_em >= v_de
        order by v.ultima_mensagem_em desc, v.id desc
        limit p_quantas;
    elsif r_fatias.tudo then
        return query select g.em, g.id from interno.conversas_gerais(
            p_cliente_id, r_fatias.conexao_id, r_fatias.status, p_quantas, v_em, v_id, v_de) as g;
    else
        return query select f.em, f.id from interno.conversas_fatiadas(
            p_cliente_id, r_fatias.donos, r_fatias.equipes, r_fatias.filas, r_fatias.fila_comum, r_fatias.status, p_quantas, v_em, v_id, v_de) as f;
    end if;
end
$$;
comment on function interno.conversas_candidatas(uuid, public.conversas_filtros, uuid[], text, boolean, integer, timestamptz, uuid) is
'Conversas de onde uma lista parte, na ordem dela e depois da chave dada, pelo índice que mais estreita; quem chama aplica filtros e visibilidade.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
