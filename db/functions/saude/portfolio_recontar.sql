/* pgmigrate-encoding: utf-8 */
create or replace function interno.portfolio_recontar(p_cliente_id uuid, p_portfolio_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_desde uuid := uuidv7(interval '-24 hours');
    v_limite integer;
    v_conexoes uuid[];
begin
    select p.limite_24h, array(
        select x.id from public.conexoes as x where x.cliente_id = p_cliente_id and x.conta_id_externa = p.conta_id_externa
    ) into v_limite, v_conexoes
    from public.portfolios as p where p.cliente_id = p_cliente_id and p.id = p_portfolio_id;
    insert into public.portfolio_contatos as c (cliente_id, portfolio_id, contato_id, ultimo_em)
    select p_cliente_id, p_portfolio_id, t.contato_id, max(t.terminada_em)
    from (
        -- twice the limit reaches past it, whoever received twice: more would change nothing
        select coalesce(l.contato_id, v.contato_id) as contato_id, a.terminada_em
        from public.tentativas as a
        left join public.campanhas_log as l on l.cliente_id = p_cliente_id and l.id = a.campanha_log_id
        left join public.mensagens as m on m.cliente_id = p_cliente_id and m.id = a.mensagem_id and m.tipo = 'MODELO'
        left join public.conversas as v on v.cliente_id = p_cliente_id and v.id = m.conversa_id
        where a.cliente_id = p_cliente_id and a.id > v_desde and a.conexao_id = any (v_conexoes) and a.desfecho = 'ACEITO'
        order by a.id desc
        limit 2 * v_limite
    ) as t
    where t.contato_id is not null
    group by t.contato_id
    order by t.contato_id
    on conflict (cliente_id, portfolio_id, contato_id) do update set ultimo_em = greatest(c.ultimo_em, excluded.ultimo_em);
end
$$;
comment on function interno.portfolio_recontar(uuid, uuid) is
'Conta as pessoas procuradas nas últimas 24 h por uma conta cujo limite se acaba de conhecer, pelo que as tentativas provam; conta também quem estava na janela, por segurança.
Erros: nenhum.
Efeitos: portfolio_contatos.
Desde: 0.2.0';
