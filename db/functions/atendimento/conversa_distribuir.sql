/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_distribuir(p_cliente_id uuid, p_id uuid, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_equipe_id uuid;
    v_calendario_id uuid;
    v_oferece boolean;
    v_proxima timestamptz;
begin
    select v.equipe_id, e.calendario_id, e.oferta_segundos > 0 into v_equipe_id, v_calendario_id, v_oferece
    from public.conversas as v
    join public.equipes as e on e.cliente_id = p_cliente_id and e.id = v.equipe_id and e.ativo and e.distribuicao = 'AUTOMATICA'
    where v.cliente_id = p_cliente_id and v.id = p_id and interno.conversa_na_fila(v);
    if not found then
        return;
    end if;
    -- a calendar without a single hour in it yet is looked at again
    v_proxima := coalesce(interno.expediente_proximo(p_cliente_id, v_calendario_id, p_agora), p_agora + interval '1 hour');
    if v_proxima > p_agora then
        update public.fila as f set executar_em = v_proxima
        where f.cliente_id = p_cliente_id and f.tipo = 'conversa_distribuir' and f.alvo_id = p_id;
        return;
    end if;
    perform interno.fila_distribuir(p_cliente_id, v_equipe_id, p_agora);
    -- somebody with a slot was busy at this very moment: looked for again, since nothing else may tell
    -- (or it rests before it is offered to the same ones again)
    select min(t.desde) into v_proxima
    from public.conversas as v
    cross join lateral (
        select x.desde from interno.oferta_turno(p_cliente_id, v_equipe_id, p_id) as x where v_oferece
        union all
        select o.encerrada_em + interno.oferta_descanso() from public.ofertas as o
        where v_oferece and o.cliente_id = p_cliente_id and o.conversa_id = p_id and o.atual
            and o.encerrada_em > p_agora - interno.oferta_descanso()
        union all
        select '-infinity' from interno.equipe_livres(p_cliente_id, v_equipe_id) where not v_oferece
    ) as t
    where v.cliente_id = p_cliente_id and v.id = p_id and v.dono_id is null and interno.conversa_na_fila(v) and not exists (
        select from public.ofertas as o where o.cliente_id = p_cliente_id and o.conversa_id = p_id and o.fim is null
    );
    update public.fila as f set executar_em = greatest(v_proxima, p_agora + interval '1 second')
    where f.cliente_id = p_cliente_id and f.tipo = 'conversa_distribuir' and f.alvo_id = p_id and v_proxima is not null;
end
$$;
comment on function interno.conversa_distribuir(uuid, uuid, timestamptz) is
'Uma conversa passou a esperar na fila de uma equipe AUTOMATICA: dá a fila, ou oferece-a, a quem tem vaga; fora do expediente, quando ele abrir. Sem ninguém com vaga, ela espera que alguém a tenha (atendente_distribuir); oferecida já a todos, que descanse (oferta_turno).
Erros: os de conversa_dar.
Efeitos: usuarios, conversas, conversas_historico, ofertas, fila.
Desde: 0.3.0';
