/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_fila_acertar(
    p_cliente_id uuid, p_conexao_id uuid, p_itens jsonb, p_agora timestamptz, p_sorte double precision
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_fila uuid[] := array(select (i.value ->> 'fila_id')::uuid from jsonb_array_elements(p_itens) as i);
    v_tentativas uuid[] := array(select (i.value ->> 'tentativa_id')::uuid from jsonb_array_elements(p_itens) as i);
begin
    with itens as materialized (
        select i.*, case when i.acao in ('ADIAR', 'REPETIR') then interno.espera_de_envio(i.classe, i.vez, p_sorte) else '0' end as espera
        from jsonb_to_recordset(p_itens) as i (
            fila_id uuid, fila_tipo text, tentativa_id uuid, alvo_id uuid, alvo jsonb, desfecho text, classe text, acao text, fica boolean,
            vez integer, codigo integer, detalhe text, texto text, id_externo text, tentativas smallint
        )
    ), fechadas as (
        update public.tentativas as t
        set terminada_em = p_agora, desfecho = i.desfecho, erro_codigo = i.codigo, detalhe = i.detalhe,
            id_externo = coalesce(t.id_externo, i.id_externo)
        from itens as i
        where t.cliente_id = p_cliente_id and t.id = any (v_tentativas) and t.id = i.tentativa_id
    ), retiradas as (
        delete from public.fila as f using itens as i
        where f.cliente_id = p_cliente_id and f.id = any (v_fila) and f.id = i.fila_id and not i.fica
        returning f.id, f.prioridade, f.max_tentativas, f.cerca
    ), adiadas as (
        update public.fila as f
        set reservado_por = null, reservado_ate = null, intencao_em = null,
            -- what says nothing against this message does not use up its attempts
            tentativas = f.tentativas - case when i.acao = 'REPETIR' then 0 else 1 end,
            executar_em = p_agora + i.espera,
            -- what a feeder brought gets its time again; a message keeps its own, but for the wait that was imposed on it
            expira_em = case when i.alvo ->> 'devolve' = 'PENDENTE' then p_agora + interval '5 minutes' else f.expira_em end + i.espera
        from itens as i
        where f.cliente_id = p_cliente_id and f.id = any (v_fila) and f.id = i.fila_id and i.fica
    )
    insert into public.fila_morta (
        cliente_id, id, tipo, conexao_id, prioridade, alvo_id, tentativas, max_tentativas, cerca, classe, erro_codigo, erro_texto
    )
    select p_cliente_id, i.fila_id, i.fila_tipo, p_conexao_id, r.prioridade, i.alvo_id, i.tentativas, r.max_tentativas, r.cerca,
        i.classe, i.codigo, i.texto
    from itens as i
    join retiradas as r on r.id = i.fila_id
    where i.acao = 'MORTA';
end
$$;
comment on function interno.envio_fila_acertar(uuid, uuid, jsonb, timestamptz, double precision) is
'Fecha as tentativas classificadas e tira da fila, adia ou guarda em fila_morta o trabalho de cada uma.
Erros: nenhum.
Efeitos: tentativas, fila, fila_morta.
Desde: 0.2.0';
