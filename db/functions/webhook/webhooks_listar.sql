/* pgmigrate-encoding: utf-8 */
create or replace function api.webhooks_listar(
    p_cliente_id uuid, p_sessao text, p_status text default null, p_conexao_id uuid default null, p_de timestamptz default null,
    p_ate timestamptz default null, p_campo text default null, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_ids uuid[];
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'webhooks:ler');
    v_limite := interno.limite_ler(p_limite);
    v_ids := interno.webhooks_escolher(
        p_cliente_id, p_status, p_conexao_id, p_de, p_ate, p_campo, interno.cursor_ler(p_cursor), v_limite + 1
    );
    select coalesce(jsonb_agg(interno.webhook_json(w) order by w.id desc), '[]') into v_itens
    from public.webhooks_recebidos as w
    where w.cliente_id = p_cliente_id and w.id = any (v_ids);
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.webhooks_listar(uuid, text, text, uuid, timestamptz, timestamptz, text, integer, text) is
'Os eventos que os provedores mandaram e o que foi feito de cada um, do mais novo ao mais antigo; sem o corpo.
Erros: 22023 estado, limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.3.0';
