/* pgmigrate-encoding: utf-8 */
create or replace function interno.equipe_livres(p_cliente_id uuid, p_equipe_id uuid)
returns table (usuario_id uuid, atende bigint, recebeu_em timestamptz, oferecida boolean)
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return query
    select u.id, c.atende + o.viva, u.recebeu_em, o.viva > 0
    from public.equipes_membros as m
    join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = m.usuario_id and u.ativo and u.disponibilidade = 'DISPONIVEL'
    cross join lateral (
        select count(*) as atende from public.conversas as v
        where v.cliente_id = p_cliente_id and v.usuario_id = u.id and v.status = 'EM_ATENDIMENTO'
    ) as c
    cross join lateral (
        select count(*) as viva from public.ofertas as o
        where o.cliente_id = p_cliente_id and o.usuario_id = u.id and o.fim is null
    ) as o
    where m.cliente_id = p_cliente_id and m.equipe_id = p_equipe_id and c.atende + o.viva < u.capacidade
        and interno.usuario_pode(p_cliente_id, u.id, 'conversas:responder');
end
$$;
comment on function interno.equipe_livres(uuid, uuid) is
'Quem, de uma equipe, está disponível e com vaga: quantas conversas atende (a que lhe é oferecida conta), quando recebeu por último e se alguma lhe é oferecida agora.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
