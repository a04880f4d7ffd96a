/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhook_cabe(
    p_webhook public.webhooks_recebidos, p_status text, p_conexao_id uuid, p_de timestamptz, p_ate timestamptz
) returns boolean
language sql stable security invoker
begin atomic
    select (p_status is null or (p_webhook).status = p_status)
        -- what is not as usual has an index of its own
        and (p_status is null or p_status not in ('IGNORADO', 'DESCARTADO', 'ERRO') or (p_webhook).motivo is not null)
        and (p_conexao_id is null or (p_webhook).conexao_id = p_conexao_id)
        and (p_de is null or (p_webhook).recebido_em >= p_de)
        and (p_ate is null or (p_webhook).recebido_em < p_ate);
end;
comment on function interno.webhook_cabe(public.webhooks_recebidos, text, uuid, timestamptz, timestamptz) is
'Se um evento recebido é dos que um filtro pede, pelo que se decide por ele só; nulo = tanto faz.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
