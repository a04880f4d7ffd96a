/* pgmigrate-encoding: utf-8 */
create or replace function interno.aviso_conta_capacidade(
    p_cliente_id uuid, p_conexao_id uuid, p_conta text, p_valor jsonb, p_em timestamptz
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_pessoas integer := coalesce(
        interno.pessoas_ler(p_valor -> 'max_daily_conversations_per_business'),
        interno.pessoas_ler(p_valor -> 'max_daily_conversation_per_phone')
    );
begin
    if v_pessoas is not null then
        perform interno.portfolio_limite_gravar(p_cliente_id, p_conta, v_pessoas, 'AVISO', p_em);
    end if;
end
$$;
comment on function interno.aviso_conta_capacidade(uuid, uuid, text, jsonb, timestamptz) is
'business_capability_update: limite de pessoas em 24 h da conta; -1 = sem limite.
Erros: nenhum.
Efeitos: portfolios, portfolio_contatos, fila, ocorrencias, eventos.
Desde: 0.2.0';
