/* pgmigrate-encoding: utf-8 */
create or replace function interno.agendadas_limite_conferir(p_cliente_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_maximo constant integer := 10000;
begin
    -- two creations at the same time must not both see the last free place
    perform pg_advisory_xact_lock(hashtextextended('agendadas:' || p_cliente_id, 0));
    if (
        select count(*)
        from (
            select from public.mensagens_agendadas as a
            where a.cliente_id = p_cliente_id and a.status = 'AGENDADA' limit c_maximo
        ) as x
    ) >= c_maximo then
        raise exception using errcode = 'ZLV02', message = format('são aceitos até %s agendamentos à espera', c_maximo);
    end if;
end
$$;
comment on function interno.agendadas_limite_conferir(uuid) is
'Recusa mais um agendamento do que se aceita à espera.
Erros: ZLV02.
Efeitos: nenhum.
Desde: 0.2.0';
