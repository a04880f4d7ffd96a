/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_campanhas__derivar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if new.status = 'CONCLUIDA' and exists (
        select from unnest(array['PENDENTE', 'RESERVADO', 'ENVIANDO']) as e (status)
        cross join lateral (
            select l.id from public.campanhas_log as l
            where l.cliente_id = new.cliente_id and l.campanha_id = new.id and l.status = e.status
            order by l.id limit 1
        ) as x
    ) then
        raise exception using errcode = 'ZRK07', message = 'a campanha ainda tem destinatários por enviar';
    end if;
    new.encerrada_em := case when new.status in ('CONCLUIDA', 'CANCELADA') then now() end;
    return new;
end
$$;
comment on function interno.tg_campanhas__derivar() is
'CONCLUIDA é fato das linhas: recusada enquanto houver destinatário por enviar.
Erros: ZRK07.
Efeitos: encerrada_em.
Desde: 0.1.0';
