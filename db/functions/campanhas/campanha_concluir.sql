/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_concluir(p_cliente_id uuid, p_campanha_id uuid) returns boolean
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    update public.campanhas as k set status = 'CONCLUIDA'
    where k.cliente_id = p_cliente_id and k.id = p_campanha_id and k.status = 'EM_ANDAMENTO'
        and not exists (
            -- one probe of the index for each state, whatever the statistics say of how many there were
            select from unnest(array['PENDENTE', 'RESERVADO', 'ENVIANDO']) as e (status)
            cross join lateral (
                select l.id from public.campanhas_log as l
                where l.cliente_id = p_cliente_id and l.campanha_id = p_campanha_id and l.status = e.status
                order by l.id limit 1
            ) as x
        );
    return found;
end
$$;
comment on function interno.campanha_concluir(uuid, uuid) is
'Conclui a campanha se nenhum destinatário está por enviar; devolve se concluiu.
Erros: nenhum.
Efeitos: campanhas, eventos.
Desde: 0.1.0';
