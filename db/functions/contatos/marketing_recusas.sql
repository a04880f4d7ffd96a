/* pgmigrate-encoding: utf-8 */
create or replace function interno.marketing_recusas(p_cliente_id uuid, p_contatos uuid[]) returns uuid[]
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    if coalesce(cardinality(p_contatos), 0) = 0 then
        return '{}';
    end if;
    -- a refusal that is being written waits for us, or we for it; always in one order
    perform from public.contatos as c
    where c.cliente_id = p_cliente_id and c.id = any (p_contatos)
    order by c.id
    for share;
    return interno.marketing_recusas_ler(p_cliente_id, p_contatos);
end
$$;
comment on function interno.marketing_recusas(uuid, uuid[]) is
'Destes contatos, os que não aceitam marketing: recusaram, ou têm o telefone na lista de supressão. A resposta vale até o fim da transação: uma recusa nova espera por ela.
Erros: nenhum.
Efeitos: trava de leitura nos contatos.
Desde: 0.3.0';
