/* pgmigrate-encoding: utf-8 */
create or replace function interno.portfolio_uso(p_cliente_id uuid, p_conexao_id uuid, p_agora timestamptz)
returns table (portfolio_id uuid, limite integer, usados integer, em_curso integer, livre_em timestamptz)
language plpgsql stable security invoker set search_path = '' rows 1
as $$
declare
    c_janela constant interval := '24 hours';
    v_conta text;
begin
    select p.id, p.limite_24h, x.conta_id_externa into portfolio_id, limite, v_conta
    from public.conexoes as x
    join public.portfolios as p on p.cliente_id = p_cliente_id and p.conta_id_externa = x.conta_id_externa
    where x.cliente_id = p_cliente_id and x.id = p_conexao_id and p.limite_24h is not null;
    if not found then
        return;
    end if;
    -- stops at the limit: what it costs grows with that, not with the tenant
    select count(*), min(y.ultimo_em) + c_janela into usados, livre_em
    from (
        select c.ultimo_em from public.portfolio_contatos as c
        where c.cliente_id = p_cliente_id and c.portfolio_id = portfolio_uso.portfolio_id and c.ultimo_em > p_agora - c_janela
        order by c.ultimo_em
        limit limite
    ) as y;
    select coalesce(sum(t.total), 0) into em_curso
    from public.conexoes as x
    join public.campanhas as k
        on k.cliente_id = p_cliente_id and k.conexao_id = x.id and k.status in ('EM_ANDAMENTO', 'PAUSADA')
    join public.campanhas_totais as t
        on t.cliente_id = p_cliente_id and t.campanha_id = k.id and t.chave = any (array['RESERVADO', 'ENVIANDO'])
    where x.cliente_id = p_cliente_id and x.conta_id_externa = v_conta;
    return next;
end
$$;
comment on function interno.portfolio_uso(uuid, uuid, timestamptz) is
'Quanto da conta de um número já se usou nas 24 h móveis: pessoas contadas (até o limite), as que estão a caminho e quando a mais antiga sai da janela. Sem limite conhecido, nenhuma linha.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
