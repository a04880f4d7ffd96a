/* pgmigrate-encoding: utf-8 */
create or replace function webhook.evento_receber(p_conexoes uuid[], p_corpo bytea, p_legivel boolean) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_corpo jsonb;
    r_parte record;
    v_partes integer := 0;
    v_sobra boolean := true;
    v_entregues uuid[] := '{}';
begin
    if p_legivel and pg_input_is_valid(interno.corpo_texto(p_corpo), 'jsonb') then
        v_corpo := interno.corpo_ler(p_corpo);
    end if;
    if v_corpo ->> 'object' is distinct from 'whatsapp_business_account' then
        v_corpo := null;
    end if;
    -- in one order, so that two bodies that speak of the same numbers wait for each other instead of deadlocking
    for r_parte in
        select p.* from interno.webhook_repartir(p_conexoes, v_corpo) as p order by p.cliente_id, p.conexao_id
    loop
        v_partes := v_partes + 1;
        v_sobra := r_parte.sobra;
        perform interno.webhook_guardar(
            r_parte.cliente_id, r_parte.conexao_id,
            case when r_parte.inteiro then p_corpo else convert_to(r_parte.corpo::text, 'UTF8') end,
            jsonb_path_query_array(r_parte.corpo, '$.entry[*].changes[*].field')
        );
        v_entregues := v_entregues || r_parte.conexao_id;
        perform interno.entradas_contar(r_parte.cliente_id, r_parte.conexao_id, r_parte.corpo);
    end loop;
    if v_sobra then
        -- the secret that signed it: a part may be given later to a connection that has it, and to no other
        insert into public.webhooks_quarentena (corpo, motivo, impressao, entregues)
        values (
            p_corpo, case when v_corpo is null then 'corpo ilegível ou de outro produto' else 'nenhuma conexão corresponde a todo o corpo' end,
            interno.segredo_impressao(p_conexoes), v_entregues
        );
    end if;
    return to_jsonb(v_partes);
end
$$;
comment on function webhook.evento_receber(uuid[], bytea, boolean) is
'Guarda um corpo de webhook já autenticado, antes do 200. p_conexoes: as conexões cujo segredo confere com a assinatura, e só a elas o corpo pode se referir; p_legivel: os bytes são UTF-8 sem NUL. Um corpo de vários clientes é repartido; o que não se atribui vai para a quarentena.
Erros: nenhum de conteúdo.
Efeitos: webhooks_recebidos, webhooks_quarentena, fila, entradas_segundo.
Desde: 0.1.0';
