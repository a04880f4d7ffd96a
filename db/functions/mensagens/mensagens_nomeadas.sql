/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagens_nomeadas(p_cliente_id uuid, p_nomes jsonb) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    -- an array: what is read out of jsonb may not, under RLS, be an index condition
    v_nomes text[] := array(select n.value ->> 'id_externo' from jsonb_array_elements(p_nomes) as n (value));
    v_esperavam uuid[];
    r_eco record;
begin
    -- an echo without our mark came before the answer: what it showed is this very message
    for r_eco in
        update public.mensagens as e set id_externo = null, tipo = 'ECO', contexto_id = n.id
        from jsonb_to_recordset(p_nomes) as n (id uuid, conexao_id uuid, id_externo text)
        where e.cliente_id = p_cliente_id and e.conexao_id = n.conexao_id and e.id_externo = any (v_nomes) and e.id_externo = n.id_externo
            and e.origem = 'APARELHO' and e.id <> n.id
        returning e.id, e.conversa_id, n.id as nossa
    loop
        update public.mensagens as m set contexto_id = r_eco.nossa where m.cliente_id = p_cliente_id and m.contexto_id = r_eco.id;
        update public.conversas as v set ultima_mensagem_id = r_eco.nossa
        where v.cliente_id = p_cliente_id and v.id = r_eco.conversa_id and v.ultima_mensagem_id = r_eco.id;
        v_esperavam := v_esperavam || r_eco.nossa;
    end loop;
    update public.mensagens as m set id_externo = n.id_externo
    from jsonb_to_recordset(p_nomes) as n (id uuid, id_externo text)
    where m.cliente_id = p_cliente_id and m.id = n.id and m.id_externo is null and not exists (
        select from public.mensagens as o
        where o.cliente_id = p_cliente_id and o.conexao_id = m.conexao_id and o.id_externo = n.id_externo
        offset 0
    );
    -- what came first and speaks of it
    with ligadas as (
        update public.mensagens as m set contexto_id = n.id
        from jsonb_to_recordset(p_nomes) as n (id uuid, conexao_id uuid, id_externo text)
        where m.cliente_id = p_cliente_id and m.conexao_id = n.conexao_id and m.contexto_id_externo = any (v_nomes)
            and m.contexto_id_externo = n.id_externo and m.contexto_id is null
        returning m.id, m.tipo
    )
    select v_esperavam || array_agg(l.id) into v_esperavam from ligadas as l where l.tipo in ('REACAO', 'EDICAO', 'EXCLUSAO');
    if v_esperavam is not null then
        perform interno.mensagens_aplicar(p_cliente_id, v_esperavam);
    end if;
end
$$;
comment on function interno.mensagens_nomeadas(uuid, jsonb) is
'O provedor disse como chama mensagens nossas ([{id, conexao_id, id_externo}]): o que já tinha chegado sobre elas passa a valer, e um eco sem a nossa marca deixa de ser outra mensagem.
Erros: nenhum.
Efeitos: mensagens, conversas.
Desde: 0.3.0';
