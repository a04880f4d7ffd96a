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
begin
    select k.intervalo_ms, x.teto_por_segundo, m.componentes,
        (
            select coalesce(sum(t.total), 0)
            from public.campanhas as o
            join public.campanhas_totais as t on t.cliente_id = p_cliente_id and t.campanha_id = o.id
            where o.cliente_id = p_cliente_id and o.conexao_id = k.conexao_id and o.status = 'EM_ANDAMENTO' and o.id <> k.id
                and t.chave in ('PENDENTE', 'RESERVADO', 'ENVIANDO')
        )
    into v_intervalo, v_teto, v_componentes, v_antes
    from public.campanhas as k
    join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = k.conexao_id
    join public.modelos as m on m.cliente_id = p_cliente_id and m.id = k.modelo_id
    where k.cliente_id = p_cliente_id and k.id = p_id;
    if not found then
        raise exception using errcode = 'ZNK01', message = 'campanha não encontrada';
    end if;
    with avaliados as materialized (select a.* from interno.campanha_avaliar(p_cliente_id, p_id) as a),
    -- the pace that the limiter keeps below the ceiling when the provider answers fast
    ritmo as (select least(v_teto - 4, 1000.0 / nullif(v_intervalo, 0)) as por_segundo)
    select jsonb_build_object(
        'total', (select count(*) from avaliados),
        'vao', (select count(*) from avaliados as a where a.motivo is null),
        'pulados', coalesce((
            select jsonb_object_agg(p.motivo, p.n)
            from (select a.motivo, count(*) as n from avaliados as a where a.motivo is not null group by a.motivo) as p
        ), '{}'),
        'naFrente', v_antes,
        'ritmoPorSegundo', round(r.por_segundo, 3),
        'limitadoPor', case when v_intervalo > 0 and 1000.0 / v_intervalo < v_teto - 4 then 'INTERVALO' else 'NUMERO' end,
        'etaSegundos', ceil(((select count(*) from avaliados as a where a.motivo is null) + v_antes) / r.por_segundo),
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
'O plano de uma campanha se começasse agora: contagens, ritmo, duração, até p_amostra textos de quem a pessoa vê, e o resumo (hash) do plano.
Erros: ZNK01.
Efeitos: nenhum.
Desde: 0.1.0';
