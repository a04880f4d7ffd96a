/* pgmigrate-encoding: utf-8 */
create or replace function interno.filas_json(p_cliente_id uuid, p_equipes uuid[], p_comum boolean) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := now();
begin
    return (
        with filas as materialized (
            select e.id, e.nome, e.ativo, e.calendario_id, e.distribuicao
            from public.equipes as e where e.cliente_id = p_cliente_id and e.id = any (p_equipes)
            union all
            select null, 'Todos', true, null, 'MANUAL' where p_comum
        ), vivas as materialized (
            select v.equipe_id, v.usuario_id, v.status, v.dono_id, v.espera_em,
                interno.conversa_na_fila(v) as espera
            from public.conversas as v
            where v.cliente_id = p_cliente_id and v.status <> 'RESOLVIDA'
        ), contas as materialized (
            select v.equipe_id, count(*) filter (where v.espera) as esperando, count(*) filter (where v.espera and v.dono_id is not null) as reservadas,
                min(v.espera_em) filter (where v.espera) as desde,
                count(*) filter (where v.status = 'EM_ATENDIMENTO') as atendidas, count(*) filter (where v.status = 'ADIADA') as adiadas
            from vivas as v
            where interno.visivel(p_cliente_id, v.usuario_id, v.equipe_id)
            group by v.equipe_id
        ), pessoas as materialized (
            select u.id, u.disponibilidade, greatest(u.capacidade - coalesce(c.ocupadas, 0), 0) as vagas
            from public.usuarios as u
            left join (
                select x.usuario_id, count(*) as ocupadas
                from (
                    select v.usuario_id from vivas as v where v.status = 'EM_ATENDIMENTO'
                    union all
                    select o.usuario_id from public.ofertas as o where o.cliente_id = p_cliente_id and o.fim is null
                ) as x
                group by x.usuario_id
            ) as c on c.usuario_id = u.id
            where u.cliente_id = p_cliente_id and u.ativo
        ), mesas as materialized (
            select m.equipe_id, p.disponibilidade, p.vagas
            from public.equipes_membros as m join pessoas as p on p.id = m.usuario_id
            where m.cliente_id = p_cliente_id
            union all
            select null, p.disponibilidade, p.vagas from pessoas as p
        )
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', f.id, 'nome', f.nome, 'ativo', f.ativo, 'distribuicao', f.distribuicao,
            'aberta', interno.expediente_aberto(p_cliente_id, f.calendario_id, v_agora),
            'proximaAbertura', interno.expediente_proximo(p_cliente_id, f.calendario_id, v_agora),
            'esperando', coalesce(c.esperando, 0), 'reservadas', coalesce(c.reservadas, 0), 'esperaDesde', c.desde,
            'esperaSegundos', interno.tempo_util(p_cliente_id, c.desde, v_agora, null),
            'esperaUtilSegundos', interno.tempo_util(p_cliente_id, c.desde, v_agora, f.calendario_id),
            'emAtendimento', coalesce(c.atendidas, 0), 'adiadas', coalesce(c.adiadas, 0),
            'disponiveis', m.disponiveis, 'emPausa', m.em_pausa, 'vagas', m.vagas
        ) order by f.id desc nulls last), '[]')
        from filas as f
        left join contas as c on c.equipe_id is not distinct from f.id
        cross join lateral (
            select count(*) filter (where s.disponibilidade = 'DISPONIVEL') as disponiveis,
                count(*) filter (where s.disponibilidade = 'PAUSA') as em_pausa,
                coalesce(sum(s.vagas) filter (where s.disponibilidade = 'DISPONIVEL'), 0) as vagas
            from mesas as s
            where s.equipe_id is not distinct from f.id
        ) as m
    );
end
$$;
comment on function interno.filas_json(uuid, uuid[], boolean) is
'As filas destas equipes e, com p_comum, a de todos: contas pelo mesmo predicado de visibilidade das listas, numa só consulta.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
