/* pgmigrate-encoding: utf-8 */
create or replace function interno.quarentena_repartir(p_id uuid) returns table (partes integer, resolvido boolean)
language plpgsql volatile security invoker set search_path = '' rows 1
as $$
declare
    v_linha public.webhooks_quarentena;
    v_corpo jsonb;
    v_sobra boolean := true;
    v_entregues uuid[] := '{}';
    r_parte record;
begin
    select q.* into v_linha from public.webhooks_quarentena as q where q.id = p_id for update;
    v_corpo := interno.corpo_tentar(v_linha.corpo);
    for r_parte in
        select p.cliente_id, p.conexao_id, p.corpo, p.sobra
        from interno.webhook_repartir(array(
            select c.id from public.conexoes as c
            where c.cliente_id is not null and c.removido_em is null and c.segredo_impressao = v_linha.impressao
        ), v_corpo) as p
        where v_corpo ->> 'object' = 'whatsapp_business_account'
        union all
        -- the address said whose it is
        select c.cliente_id, c.id, v_corpo, false
        from public.conexoes as c
        where c.cliente_id is not null and c.id = v_linha.conexao_id and c.removido_em is null and jsonb_typeof(v_corpo) = 'object'
        order by 1, 2
    loop
        v_sobra := r_parte.sobra;
        continue when r_parte.conexao_id = any (v_linha.entregues);
        perform interno.webhook_guardar(
            r_parte.cliente_id, r_parte.conexao_id, convert_to(r_parte.corpo::text, 'UTF8'),
            coalesce(nullif(jsonb_path_query_array(r_parte.corpo, '$.entry[*].changes[*].field'), '[]'), jsonb_path_query_array(r_parte.corpo, '$.EventType'))
        );
        perform interno.auditar(r_parte.cliente_id, 'webhook_resgatado', 'conexoes', r_parte.conexao_id, jsonb_build_object('quarentenaId', p_id));
        v_entregues := v_entregues || r_parte.conexao_id;
    end loop;
    if v_sobra then
        update public.webhooks_quarentena as q set entregues = q.entregues || v_entregues where q.id = p_id and cardinality(v_entregues) > 0;
    else
        delete from public.webhooks_quarentena as q where q.id = p_id;
    end if;
    return query select cardinality(v_entregues), not v_sobra;
end
$$;
comment on function interno.quarentena_repartir(uuid) is
'Dá as partes de um corpo em quarentena às conexões que agora existem; entregue tudo, o corpo sai de lá.
Erros: nenhum.
Efeitos: webhooks_quarentena, webhooks_recebidos, fila, auditoria.
Desde: 0.3.0';
