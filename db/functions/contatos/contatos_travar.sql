/* pgmigrate-encoding: utf-8 */
create or replace function interno.contatos_travar(p_cliente_id uuid, p_ids uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conversas uuid[];
    v_logs uuid[];
begin
    -- creations, merges and separations of one tenant, one at a time
    perform pg_advisory_xact_lock(hashtextextended('contatos:' || p_cliente_id, 0));
    -- conversations, what waits to be sent, what is sent, people: the order of everything that sends. The second look is for a
    -- conversation that was being opened during the first: after it nobody opens another
    for v_olhada in 1..2 loop
        perform from public.conversas as v
        where v.cliente_id = p_cliente_id and v.contato_id = any (p_ids)
        order by v.id for no key update;
        v_conversas := array(select v.id from public.conversas as v where v.cliente_id = p_cliente_id and v.contato_id = any (p_ids));
        v_logs := array(
            select l.id from public.campanhas_log as l
            where l.cliente_id = p_cliente_id and l.contato_id = any (p_ids) and l.status in ('PENDENTE', 'RESERVADO', 'ENVIANDO', 'PULADO')
        );
        perform from public.fila as f
        where f.cliente_id = p_cliente_id and (f.chave_ordem = any (v_conversas) or (f.tipo = 'campanha_enviar' and f.alvo_id = any (v_logs)))
        order by f.id for update;
        perform from public.campanhas as k
        where k.cliente_id = p_cliente_id and k.id in (
            select l.campanha_id from public.campanhas_log as l where l.cliente_id = p_cliente_id and l.id = any (v_logs)
        )
        order by k.id for share;
        perform from public.campanhas_log as l where l.cliente_id = p_cliente_id and l.id = any (v_logs) order by l.id for update;
        perform from public.mensagens as m
        where m.cliente_id = p_cliente_id and m.conversa_id = any (v_conversas) and m.direcao = 'SAIDA'
        order by m.id for no key update;
        perform from public.contatos as c
        where c.cliente_id = p_cliente_id and c.id = any (p_ids)
        order by c.id for update;
    end loop;
end
$$;
comment on function interno.contatos_travar(uuid, uuid[]) is
'Trava contatos, suas conversas e o que se lhes envia, para juntar ou separar.
Erros: nenhum.
Efeitos: travas até o fim da transação.
Desde: 0.3.0';
