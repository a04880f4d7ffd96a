/* pgmigrate-encoding: utf-8 */
create or replace function interno.conexoes_limite_conferir(p_cliente_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_maximo integer;
    v_total bigint;
begin
    -- two creations at the same time must not both see the last free place
    perform pg_advisory_xact_lock(hashtextextended('conexoes:' || p_cliente_id, 0));
    select p.max_conexoes into v_maximo
    from public.clientes as c join public.planos as p on p.id = c.plano_id where c.id = p_cliente_id;
    select count(*) into v_total from public.conexoes as x where x.cliente_id = p_cliente_id and x.removido_em is null;
    if v_total >= v_maximo then
        raise exception using errcode = 'ZLX01', message = format('o plano permite até %s conexões', v_maximo);
    end if;
end
$$;
comment on function interno.conexoes_limite_conferir(uuid) is
'Recusa mais uma conexão do que o plano permite.
Erros: ZLX01 limite do plano.
Efeitos: tranca a criação de conexões do cliente até o fim da transação.
Desde: 0.1.0';
