/* pgmigrate-encoding: utf-8 */
create or replace function webhook.instancia_evento_receber(p_cliente_id uuid, p_conexao_id uuid, p_corpo bytea, p_legivel boolean) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_legivel boolean := p_legivel and pg_input_is_valid(interno.corpo_texto(p_corpo), 'jsonb');
begin
    if v_legivel then
        perform interno.webhook_guardar(
            p_cliente_id, p_conexao_id, p_corpo, jsonb_path_query_array(interno.corpo_ler(p_corpo), '$.EventType')
        );
    else
        insert into public.webhooks_quarentena (corpo, motivo, conexao_id)
        values (p_corpo, 'corpo ilegível de um servidor UaiZap', p_conexao_id);
    end if;
    return to_jsonb(v_legivel);
end
$$;
comment on function webhook.instancia_evento_receber(uuid, uuid, bytea, boolean) is
'Guarda, antes do 200, um webhook UaiZap já autenticado e sem o token; p_legivel: é um objeto JSON. O que não se lê vai para a quarentena.
Erros: nenhum de conteúdo.
Efeitos: webhooks_recebidos, webhooks_quarentena, fila.
Desde: 0.2.0';
