/* pgmigrate-encoding: utf-8 */
create or replace function worker.envio_registrar(p_cliente_id uuid, p_conexao_id uuid, p_dono text, p_resultados jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' set plan_cache_mode = 'force_generic_plan'
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_sorte double precision := random();
    v_itens jsonb;
    -- arrays: what is read out of jsonb may not, under RLS, be an index condition
    v_fila uuid[] := array(select (r.value ->> 'id')::uuid from jsonb_array_elements(p_resultados) as r);
    v_alvos uuid[] := array(select (r.value ->> 'alvoId')::uuid from jsonb_array_elements(p_resultados) as r);
    v_aceitos text[] := array(
        select r.value ->> 'idExterno' from jsonb_array_elements(p_resultados) as r where r.value ->> 'idExterno' is not null
    );
begin
    perform interno.contexto_trabalho(p_cliente_id);
    -- queue rows first, then recipients: the order every other function takes them in
    perform from public.fila as f
    where f.cliente_id = p_cliente_id and f.id = any (v_fila)
    order by f.id for update;
    -- whoever cancels the campaign now does so before or after this, not meanwhile: what goes back must be taken along
    if p_resultados @? '$[*] ? (@.desfecho == "REJEITADO")' then
        perform from public.campanhas as k
        where k.cliente_id = p_cliente_id and k.id in (
            select l.campanha_id from public.campanhas_log as l where l.cliente_id = p_cliente_id and l.id = any (v_alvos)
        )
        order by k.id for share;
    end if;
    select jsonb_agg(to_jsonb(c)) into v_itens
    from interno.envio_classificar(p_cliente_id, p_conexao_id, p_dono, p_resultados) as c;
    if v_itens is null then
        return to_jsonb(0);
    end if;
    perform interno.envio_fila_acertar(p_cliente_id, p_conexao_id, v_itens, v_agora, v_sorte);
    perform interno.envio_alvos_acertar(p_cliente_id, v_itens, v_agora);
    perform interno.portfolio_contar(p_cliente_id, p_conexao_id, v_alvos, v_agora);
    if v_itens @? '$[*] ? (@.apelido != null)' then
        perform interno.apelidos_aprender(p_cliente_id, v_itens);
    end if;
    perform interno.uaizap_respostas(p_cliente_id, p_conexao_id, p_resultados, v_agora);
    perform interno.reconciliacao_agendar(p_cliente_id, array(
        select i.tentativa_id from jsonb_to_recordset(v_itens) as i (tentativa_id uuid, acao text) where i.acao = 'INCERTO'
    ));
    perform interno.envio_efeitos_aplicar(p_cliente_id, p_conexao_id, v_itens, v_agora, v_sorte);
    -- a status may have come before the answer, without our attempt id to tie it
    if cardinality(v_aceitos) > 0 then
        perform interno.envio_consolidar(p_cliente_id, array(
            select t.alvo_id
            from public.status_recebidos as s
            join public.tentativas as t
                on t.cliente_id = p_cliente_id and t.conexao_id = s.conexao_id and t.id_externo = s.id_externo
            where s.cliente_id = p_cliente_id and s.conexao_id = p_conexao_id and s.id_externo = any (v_aceitos)
        ));
    end if;
    return to_jsonb(jsonb_array_length(v_itens));
end
$$;
comment on function worker.envio_registrar(uuid, uuid, text, jsonb) is
'Registra, em lote, o que o provedor respondeu a cada envio ([{id, cerca, tentativaId, alvoId, desfecho, codigo?, subcodigo?, http?, detalhe?, idExterno?, waId?, semVaga?, transitorio?}]); desfecho: ACEITO, REJEITADO, NAO_ENVIADO (provado) ou AMBIGUO. Resposta de quem perdeu a reserva só vale se for definitiva. Devolve quantas diziam respeito a um envio em curso.
Erros: 42501 sem cliente.
Efeitos: fila, fila_morta, tentativas, campanhas_log, mensagens, contatos_identidades, portfolio_contatos e o que provedor_classes manda fazer (envio_efeitos_aplicar).
Desde: 0.1.0';
