/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_falhas_tardias(p_cliente_id uuid, p_itens jsonb, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_conexao record;
begin
    for r_conexao in
        select c.id, jsonb_agg(i.item order by i.item ->> 'alvo_id') as itens
        from (
            select e.value as item, (e.value ->> 'conexao_id')::uuid as conexao_id, e.value ->> 'escopo' as escopo,
                (e.value ->> 'falhou_em')::timestamptz as falhou_em
            from jsonb_array_elements(p_itens) as e
        ) as i
        join public.conexoes as c on c.cliente_id = p_cliente_id and c.id = i.conexao_id
        -- accepted, then refused for the number's, account's or template's sake: the next ones will be, too; what happened
        -- before somebody put it right no longer counts
        where i.escopo not in ('NUMERO', 'CONTA', 'MODELO') or i.falhou_em > c.atualizado_em
        group by c.id
        order by c.id
    loop
        perform interno.envio_efeitos_aplicar(p_cliente_id, r_conexao.id, r_conexao.itens, p_agora, 0);
    end loop;
end
$$;
comment on function interno.envio_falhas_tardias(uuid, jsonb, timestamptz) is
'O que manda fazer uma falha que o provedor contou depois de ter aceitado.
Erros: nenhum.
Efeitos: os de envio_efeitos_aplicar.
Desde: 0.2.0';
