/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_fila__recusar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_grupo record;
begin
    if not exists (select from novas as n where n.execucao = 'ENVIO') then
        return null;
    end if;
    for r_grupo in
        select x.cliente_id, array_agg(x.contato_id) as contatos
        from (
            select n.cliente_id, l.contato_id
            from novas as n
            join public.campanhas_log as l on l.cliente_id = n.cliente_id and l.id = n.alvo_id
            join public.campanhas as k on k.cliente_id = n.cliente_id and k.id = l.campanha_id
            join public.modelos as m on m.cliente_id = n.cliente_id and m.id = k.modelo_id
            where n.tipo = 'campanha_enviar' and m.categoria = 'MARKETING'
            union all
            select n.cliente_id, v.contato_id
            from novas as n
            join public.mensagens as g on g.cliente_id = n.cliente_id and g.id = n.alvo_id
            join public.modelos as m on m.cliente_id = n.cliente_id and m.id = g.modelo_id
            join public.conversas as v on v.cliente_id = n.cliente_id and v.id = g.conversa_id
            where n.tipo = 'mensagem_enviar' and m.categoria = 'MARKETING'
        ) as x
        group by x.cliente_id
        order by x.cliente_id
    loop
        if cardinality(interno.marketing_recusas(r_grupo.cliente_id, r_grupo.contatos)) > 0 then
            raise exception using errcode = 'ZRV32', message = 'a pessoa não aceita receber marketing', constraint = tg_name, table = tg_table_name;
        end if;
    end loop;
    return null;
end
$$;
comment on function interno.tg_fila__recusar() is
'Nada que leve marketing a quem não o aceita entra na fila, seja quem for que o ponha nela.
Erros: ZRV32.
Efeitos: trava de leitura nos contatos.
Desde: 0.3.0';
