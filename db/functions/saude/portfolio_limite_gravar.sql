/* pgmigrate-encoding: utf-8 */
create or replace function interno.portfolio_limite_gravar(
    p_cliente_id uuid, p_conta text, p_pessoas integer, p_origem text, p_em timestamptz
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_id uuid := interno.portfolio_garantir(p_cliente_id, p_conta);
    v_novo integer := nullif(p_pessoas, -1);
    v_antes integer;
begin
    select p.limite_24h into v_antes from public.portfolios as p where p.cliente_id = p_cliente_id and p.id = v_id;
    update public.portfolios as p
    set limite_24h = v_novo, origem = p_origem, limite_em = p_em, atualizado_em = now()
    where p.cliente_id = p_cliente_id and p.id = v_id and p.limite_em <= p_em;
    if not found or v_novo is not distinct from v_antes then
        return;
    end if;
    perform interno.ocorrencia_registrar(
        p_cliente_id, 'CONTA', v_id, null, 'LIMITE_MUDOU', null,
        case when v_novo is null then 'A conta já não tem limite de pessoas em 24 horas'
            else format('A conta pode procurar até %s pessoas em 24 horas', v_novo) end
    );
    perform interno.avisar(p_cliente_id, 'portfolio_mudou', v_id);
    if v_antes is null then
        perform interno.portfolio_recontar(p_cliente_id, v_id);
    end if;
    -- what sleeps until the budget frees looks again
    update public.fila as f set executar_em = now()
    where f.cliente_id = p_cliente_id and f.tipo = 'campanha_alimentar' and f.executar_em > now() and f.alvo_id in (
        select k.id
        from public.campanhas as k
        join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = k.conexao_id and x.conta_id_externa = p_conta
        where k.cliente_id = p_cliente_id and k.status = 'EM_ANDAMENTO'
    );
end
$$;
comment on function interno.portfolio_limite_gravar(uuid, text, integer, text, timestamptz) is
'Guarda quantas pessoas uma conta pode procurar em 24 h (-1 = sem limite), se a notícia não é mais velha que a que se tem, e acorda as campanhas que esperavam.
Erros: 23514 valor fora da regra.
Efeitos: portfolios, portfolio_contatos, ocorrencias, fila, eventos.
Desde: 0.2.0';
