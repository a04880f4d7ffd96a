/* pgmigrate-encoding: utf-8 */
create or replace function interno.portfolio_garantir(p_cliente_id uuid, p_conta text) returns uuid
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_id uuid;
begin
    insert into public.portfolios (cliente_id, conta_id_externa, origem, limite_em)
    values (p_cliente_id, p_conta, 'AVISO', '-infinity')
    on conflict (cliente_id, conta_id_externa) do nothing;
    select p.id into v_id
    from public.portfolios as p where p.cliente_id = p_cliente_id and p.conta_id_externa = p_conta
    for update;
    return v_id;
end
$$;
comment on function interno.portfolio_garantir(uuid, text) is
'A conta do WhatsApp de um cliente, travada até o fim da transação; sem ainda se saber nada dela, é criada sem limite.
Erros: 23514 conta malformada.
Efeitos: portfolios.
Desde: 0.2.0';
