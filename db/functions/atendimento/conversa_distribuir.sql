/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_distribuir(p_cliente_id uuid, p_id uuid, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_equipe_id uuid;
    v_calendario_id uuid;
    v_proxima timestamptz;
begin
    select v.equipe_id, e.calendario_id into v_equipe_id, v_calendario_id
    from public.conversas as v
    join public.equipes as e on e.cliente_id = p_cliente_id and e.id = v.equipe_id and e.distribuicao = 'AUTOMATICA'
    where v.cliente_id = p_cliente_id and v.id = p_id and interno.conversa_na_fila(v);
    if not found then
        return;
    end if;
    v_proxima := interno.expediente_proximo(p_cliente_id, v_calendario_id, p_agora);
    if v_proxima > p_agora then
        update public.fila as f set executar_em = v_proxima
        where f.cliente_id = p_cliente_id and f.tipo = 'conversa_distribuir' and f.alvo_id = p_id;
        return;
    end if;
    perform interno.fila_distribuir(p_cliente_id, v_equipe_id, p_agora);
    -- somebody with a slot was busy at this very moment: looked for again, since nothing else may tell
    update public.fila as f set executar_em = p_agora + interval '1 second'
    where f.cliente_id = p_cliente_id and f.tipo = 'conversa_distribuir' and f.alvo_id = p_id and exists (
        select from public.conversas as v
        where v.cliente_id = p_cliente_id and v.id = p_id and v.dono_id is null and interno.conversa_na_fila(v)
    ) and exists (
        select from public.equipes_membros as m
        join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = m.usuario_id and u.ativo and u.disponibilidade = 'DISPONIVEL'
        where m.cliente_id = p_cliente_id and m.equipe_id = v_equipe_id and u.capacidade > (
            select count(*) from public.conversas as o
            where o.cliente_id = p_cliente_id and o.usuario_id = u.id and o.status = 'EM_ATENDIMENTO'
        ) and interno.usuario_pode(p_cliente_id, u.id, 'conversas:responder')
    );
end
$$;
comment on function interno.conversa_distribuir(uuid, uuid, timestamptz) is
'Uma conversa passou a esperar na fila de uma equipe AUTOMATICA: dá a fila a quem tem vaga; fora do expediente, quando ele abrir. Sem ninguém com vaga, ela espera que alguém a tenha (atendente_distribuir).
Erros: os de conversa_dar.
Efeitos: usuarios, conversas, conversas_historico, fila.
Desde: 0.3.0';
