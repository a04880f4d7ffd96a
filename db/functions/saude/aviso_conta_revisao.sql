/* pgmigrate-encoding: utf-8 */
create or replace function interno.aviso_conta_revisao(
    p_cliente_id uuid, p_conexao_id uuid, p_conta text, p_valor jsonb, p_em timestamptz
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    perform interno.aviso_anotar(
        p_cliente_id, 'CONTA', interno.portfolio_garantir(p_cliente_id, p_conta), null, 'CONTA_ALERTA',
        left(concat_ws(': ', 'O WhatsApp avisou sobre a conta', p_valor ->> 'decision', p_valor ->> 'event'), 500)
    );
end
$$;
comment on function interno.aviso_conta_revisao(uuid, uuid, text, jsonb, timestamptz) is
'account_review_update e security: a decisão ou o evento fica anotado para quem administra.
Erros: nenhum.
Efeitos: ocorrencias, eventos.
Desde: 0.3.0';
