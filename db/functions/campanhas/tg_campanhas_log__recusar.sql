/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_campanhas_log__recusar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_sairiam uuid[];
    r_grupo record;
begin
    -- freezing a public writes a hundred thousand rows that are not going anywhere yet
    if tg_op = 'INSERT' then
        v_sairiam := array(select n.id from novas as n where n.status in ('RESERVADO', 'ENVIANDO'));
    else
        -- what comes back from an attempt goes no further than the intent
        v_sairiam := array(
            select n.id
            from novas as n
            join antigas as a on a.cliente_id = n.cliente_id and a.id = n.id
            where n.status in ('RESERVADO', 'ENVIANDO') and not (n.status = 'RESERVADO' and a.status in ('RESERVADO', 'ENVIANDO'))
        );
    end if;
    if cardinality(v_sairiam) = 0 then
        return null;
    end if;
    for r_grupo in
        select n.cliente_id, array_agg(n.contato_id) as contatos
        from novas as n
        join public.campanhas as k on k.cliente_id = n.cliente_id and k.id = n.campanha_id
        join public.modelos as m on m.cliente_id = n.cliente_id and m.id = k.modelo_id
        where n.id = any (v_sairiam) and m.categoria = 'MARKETING'
        group by n.cliente_id
        order by n.cliente_id
    loop
        if cardinality(interno.marketing_recusas(r_grupo.cliente_id, r_grupo.contatos)) > 0 then
            raise exception using errcode = 'ZRV32', message = 'a pessoa não aceita receber marketing', constraint = tg_name, table = tg_table_name;
        end if;
    end loop;
    return null;
end
$$;
comment on function interno.tg_campanhas_log__recusar() is
'Nenhum destinatário de campanha de marketing vai para a fila, nem sai, se não o aceita, seja quem for que o mova.
Erros: ZRV32.
Efeitos: trava de leitura nos contatos.
Desde: 0.3.0';
