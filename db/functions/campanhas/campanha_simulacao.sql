/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_simulacao(p_cliente_id uuid, p_id uuid, p_amostra integer) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_json jsonb;
    v_intervalo integer;
    v_teto integer;
    v_antes bigint;
    v_componentes jsonb;
    v_conexao_id uuid;
    v_hoje date;
    r_uso record;
begin
    perform interno.campanha_completa_conferir(p_cliente_id, p_id);
    select k.intervalo_ms, m.componentes, k.conexao_id, (now() at time zone c.fuso)::date,
        interno.teto_efetivo(p_cliente_id, x.id, x.teto_por_segundo, now()),
        (
            select coalesce(sum(t.total), 0)
            from public.campanhas as o
            join public.campanhas_totais as t on t.cliente_id = p_cliente_id and t.campanha_id = o.id
            where o.cliente_id = p_cliente_id and o.conexao_id = k.conexao_id and o.status = 'EM_ANDAMENTO' and o.id <> k.id
                and t.chave in ('PENDENTE', 'RESERVADO', 'ENVIANDO')
        )
    into v_intervalo, v_componentes, v_conexao_id, v_hoje, v_teto, v_antes
    from public.campanhas as k
    join public.clientes as c on c.id = p_cliente_id
    join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = k.conexao_id
    join public.modelos as m on m.cliente_id = p_cliente_id and m.id = k.modelo_id
    where k.cliente_id = p_cliente_id and k.id = p_id;
    if not found then
        raise exception using errcode = 'ZNK01', message = 'campanha não encontrada';
    end if;
    select u.* into r_uso from interno.portfolio_uso(p_cliente_id, v_conexao_id, now()) as u;
    with avaliados as materialized (select a.* from interno.campanha_avaliar(p_cliente_id, p_id) as a),
    contas as (
        select count(*) filter (where a.motivo is null) as vao,
            count(*) filter (where a.motivo is null and r_uso.portfolio_id is not null and (
                exists (
                    select from public.portfolio_contatos as c
                    where c.cliente_id = p_cliente_id and c.portfolio_id = r_uso.portfolio_id and c.contato_id = a.contato_id
                        and c.ultimo_em > now() - interval '24 hours'
                ) or exists (
                    select from public.conversas as v
                    where v.cliente_id = p_cliente_id and v.contato_id = a.contato_id and v.conexao_id = v_conexao_id
                        and v.janela_expira_em > now()
                )
            )) as gratis
        from avaliados as a
    ),
    -- the pace that the limiter keeps below the ceiling when the provider answers fast, or what it measures now
    ritmo as (
        select c.vao, c.gratis, p.por_segundo, interno.campanha_plano(
            c.vao, c.gratis, r_uso.limite, r_uso.limite - r_uso.usados - r_uso.em_curso,
            greatest(1, floor(p.por_segundo * 86400))::bigint, v_hoje
        ) as plano
        from contas as c
        cross join lateral (
            select least(v_teto - 4, m.medido, 1000.0 / nullif(v_intervalo, 0)) as por_segundo
            from (select interno.ritmo_medido(v_conexao_id) as medido) as m
        ) as p
    )
    select jsonb_build_object(
        'total', (select count(*) from avaliados),
        'vao', r.vao,
        'pedeNome', interno.campanha_pede_nome(r.vao),
        'pulados', coalesce((
            select jsonb_object_agg(p.motivo, p.n)
            from (select a.motivo, count(*) as n from avaliados as a where a.motivo is not null group by a.motivo) as p
        ), '{}'),
        'naFrente', v_antes,
        'ritmoPorSegundo', round(r.por_segundo, 3),
        'plano', r.plano,
        'limitadoPor', case when jsonb_array_length(r.plano) > 1 and r_uso.limite is not null then 'PORTFOLIO'
            when v_intervalo > 0 and 1000.0 / v_intervalo < v_teto - 4 then 'INTERVALO' else 'NUMERO' end,
        'etaSegundos', case when jsonb_array_length(r.plano) > 1
            then (jsonb_array_length(r.plano) - 1) * 86400 + ceil((r.plano #>> '{-1,pessoas}')::bigint / r.por_segundo)
            else ceil((r.vao + v_antes) / r.por_segundo) end,
        'amostra', coalesce((
            select jsonb_agg(jsonb_build_object(
                'contatoId', s.contato_id, 'nome', c.nome, 'telefone', s.telefone,
                'texto', interno.modelo_renderizar(v_componentes, s.parametros)
            ) order by s.contato_id)
            from (
                select a.* from avaliados as a where a.motivo is null
                order by a.contato_id limit least(greatest(p_amostra, 0), 20)
            ) as s
            join public.contatos as c on c.cliente_id = p_cliente_id and c.id = s.contato_id
            where interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
        ), '[]'),
        'resumo', (
            select encode(sha256(convert_to(count(*)::text || '/' || coalesce(sum(hashtextextended(
                a.contato_id::text || coalesce(a.motivo, '') || coalesce(a.telefone, '') || a.parametros::text, 0
            )::numeric), 0)::text, 'UTF8')), 'hex') from avaliados as a
        )
    ) into v_json
    from ritmo as r;
    return v_json;
end
$$;
comment on function interno.campanha_simulacao(uuid, uuid, integer) is
'O plano de uma campanha se começasse agora: contagens, ritmo, duração, em que dias (o limite de pessoas em 24 h da conta), até p_amostra textos de quem a pessoa vê, e o resumo (hash) do plano.
Erros: ZNK01; ZRK02, ZRK16.
Efeitos: nenhum.
Desde: 0.1.0';
