/* pgmigrate-encoding: utf-8 */
create or replace function interno.portfolio_contar(p_cliente_id uuid, p_conexao_id uuid, p_alvos uuid[], p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_portfolio_id uuid;
begin
    select p.id into v_portfolio_id
    from public.conexoes as x
    join public.portfolios as p on p.cliente_id = p_cliente_id and p.conta_id_externa = x.conta_id_externa
    where x.cliente_id = p_cliente_id and x.id = p_conexao_id and p.limite_24h is not null;
    if not found then
        return;
    end if;
    insert into public.portfolio_contatos as c (cliente_id, portfolio_id, contato_id, ultimo_em)
    select p_cliente_id, v_portfolio_id, a.contato_id, max(a.enviado_em)
    from (
        select l.contato_id, coalesce(l.enviado_em, p_agora) as enviado_em
        from public.campanhas_log as l
        where l.cliente_id = p_cliente_id and l.id = any (p_alvos) and l.status in ('ENVIADO', 'INCERTO')
        union all
        select v.contato_id, coalesce(m.enviado_em, p_agora)
        from public.mensagens as m
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = m.conversa_id
        where m.cliente_id = p_cliente_id and m.id = any (p_alvos) and m.tipo = 'MODELO' and m.status in ('ENVIADO', 'INCERTO')
    ) as a
    where not exists (
        select from public.conversas as v
        where v.cliente_id = p_cliente_id and v.contato_id = a.contato_id and v.conexao_id = p_conexao_id
            and v.janela_expira_em > a.enviado_em
    )
    group by a.contato_id
    order by a.contato_id
    on conflict (cliente_id, portfolio_id, contato_id) do update set ultimo_em = excluded.ultimo_em
    where c.ultimo_em < excluded.ultimo_em;
end
$$;
comment on function interno.portfolio_contar(uuid, uuid, uuid[], timestamptz) is
'Anota as pessoas que um lote procurou (modelo aceito, ou talvez aceito, fora da janela de atendimento). Sem limite conhecido na conta, não faz nada; repetir não muda nada.
Erros: nenhum.
Efeitos: portfolio_contatos.
Desde: 0.2.0';
