/* pgmigrate-encoding: utf-8 */
create or replace function interno.oferta_turno(p_cliente_id uuid, p_equipe_id uuid, p_conversa_id uuid)
returns table (usuario_id uuid, atende bigint, recebeu_em timestamptz, desde timestamptz)
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return query
    with livres as materialized (
        select l.usuario_id as id, l.atende as quantas, l.recebeu_em as recebeu, o.vezes, o.ultima
        from interno.equipe_livres(p_cliente_id, p_equipe_id) as l
        cross join lateral (
            select count(*) as vezes, max(o.encerrada_em) as ultima from public.ofertas as o
            where o.cliente_id = p_cliente_id and o.conversa_id = p_conversa_id and o.usuario_id = l.usuario_id and o.atual
        ) as o
        where not l.oferecida
    )
    select l.id, l.quantas, l.recebeu, coalesce(l.ultima + interno.oferta_descanso(), '-infinity')
    from livres as l
    where l.vezes = (select min(x.vezes) from livres as x);
end
$$;
comment on function interno.oferta_turno(uuid, uuid, uuid) is
'A quem, dos que agora têm vaga e nenhuma oferta, esta conversa pode ser oferecida, e a partir de quando: aos que a receberam menos vezes nesta espera. Assim ela não volta a quem a recusou, ou deixou passar, antes de caber a todos os outros; e, quando já coube a todos, descansa (oferta_descanso) antes de voltar a alguém.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
