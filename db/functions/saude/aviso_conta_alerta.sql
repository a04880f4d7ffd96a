/* pgmigrate-encoding: utf-8 */
create or replace function interno.aviso_conta_alerta(
    p_cliente_id uuid, p_conexao_id uuid, p_conta text, p_valor jsonb, p_em timestamptz
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_alerta jsonb := coalesce(p_valor -> 'alert_info', p_valor);
begin
    perform interno.aviso_anotar(
        p_cliente_id, 'CONTA', interno.portfolio_garantir(p_cliente_id, p_conta), null, 'CONTA_ALERTA',
        left(concat_ws(': ', 'Alerta do WhatsApp', v_alerta ->> 'alert_severity', v_alerta ->> 'alert_type', v_alerta ->> 'alert_description'), 500)
    );
end
$$;
comment on function interno.aviso_conta_alerta(uuid, uuid, text, jsonb, timestamptz) is
'account_alerts: o alerta fica anotado para quem administra.
Erros: nenhum.
Efeitos: ocorrencias, eventos.
Desde: 0.2.0';
