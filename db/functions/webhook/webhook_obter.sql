/* pgmigrate-encoding: utf-8 */
create or replace function api.webhook_obter(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_webhook public.webhooks_recebidos;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'webhooks:ler');
    select w.* into v_webhook from public.webhooks_recebidos as w where w.cliente_id = p_cliente_id and w.id = p_id;
    if not found then
        raise exception using errcode = 'ZNW01', message = 'evento não encontrado';
    end if;
    perform interno.auditar(p_cliente_id, 'webhook_lido', 'webhooks_recebidos', p_id);
    return interno.webhook_json(v_webhook) || jsonb_build_object('corpo', interno.corpo_tentar(v_webhook.corpo));
end
$$;
comment on function api.webhook_obter(uuid, text, uuid) is
'Um evento recebido, com o corpo (nulo se não se lê): pode trazer dados pessoais, e por isso a leitura fica na auditoria.
Erros: ZNW01 evento não encontrado.
Efeitos: auditoria.
Desde: 0.3.0';
