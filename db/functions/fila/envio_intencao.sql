/* pgmigrate-encoding: utf-8 */
create or replace function worker.envio_intencao(
    p_cliente_id uuid, p_conexao_id uuid, p_dono text, p_epoca bigint, p_itens jsonb, p_lease interval default '20 seconds',
    p_trocar boolean default false
) returns jsonb
language plpgsql volatile security definer set search_path = '' set plan_cache_mode = 'force_generic_plan'
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_itens jsonb;
    v_avaliadas jsonb;
    v_filas uuid[];
    v_contatos uuid[];
    v_abrem uuid[];
    v_tentativas jsonb;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    if not interno.numero_pode_enviar(p_cliente_id, p_conexao_id, p_epoca, v_agora) then
        perform worker.fila_devolver(p_cliente_id, p_dono, p_itens);
        return jsonb_build_object('envios', '[]'::jsonb, 'modelos', '{}'::jsonb, 'conexaoVersao', 0);
    end if;
    v_itens := case
        when p_trocar then interno.fila_urgentes(p_cliente_id, p_conexao_id, p_dono, p_itens, v_agora, p_lease) else p_itens
    end;
    perform interno.uaizap_intencao(p_cliente_id, p_conexao_id, p_dono, v_itens, v_agora);
    select jsonb_agg(to_jsonb(a)), array_agg(a.fila_id), array_agg(a.contato_id) filter (where a.veredito = 'ENVIAR'),
        array_agg(a.contato_id) filter (where a.veredito = 'ENVIAR' and a.abre_par)
    into v_avaliadas, v_filas, v_contatos, v_abrem
    from interno.envio_avaliar(p_cliente_id, p_conexao_id, p_dono, v_itens, v_agora) as a;
    with avaliadas as materialized (
        select a.* from jsonb_to_recordset(v_avaliadas) as a (
            fila_id uuid, fila_tentativas smallint, alvo_id uuid, alvo_tipo text, veredito text, motivo text, ate timestamptz, para text
        )
    ), retiradas as (
        delete from public.fila as f using avaliadas as a
        where f.cliente_id = p_cliente_id and f.id = any (v_filas) and f.id = a.fila_id and a.veredito not in ('ENVIAR', 'ESPERAR')
    ), mexidas as (
        update public.fila as f
        set intencao_em = case a.veredito when 'ENVIAR' then v_agora end,
            tentativas = f.tentativas + case a.veredito when 'ENVIAR' then 1 else 0 end,
            reservado_por = case a.veredito when 'ENVIAR' then f.reservado_por end,
            reservado_ate = case a.veredito when 'ENVIAR' then v_agora + p_lease end,
            -- over the pace with this person: it keeps its place, and the others theirs
            executar_em = case a.veredito when 'ESPERAR' then a.ate else f.executar_em end,
            expira_em = case a.motivo when 'PAR' then greatest(f.expira_em, a.ate + interval '5 minutes') else f.expira_em end
        from avaliadas as a
        where f.cliente_id = p_cliente_id and f.id = any (v_filas) and f.id = a.fila_id and a.veredito in ('ENVIAR', 'ESPERAR')
    ), tentadas as (
        insert into public.tentativas (cliente_id, alvo_tipo, alvo_id, conexao_id, numero, processo, iniciada_em, para)
        select p_cliente_id, a.alvo_tipo, a.alvo_id, p_conexao_id, a.fila_tentativas + 1, p_dono, v_agora, a.para
        from avaliadas as a where a.veredito = 'ENVIAR'
        returning id, alvo_id
    )
    select jsonb_object_agg(t.alvo_id, t.id) into v_tentativas from tentadas as t;
    perform interno.envio_anunciar(p_cliente_id, v_avaliadas, coalesce(v_tentativas, '{}'), v_agora);
    if v_contatos is null then
        return jsonb_build_object('envios', '[]'::jsonb, 'modelos', '{}'::jsonb, 'conexaoVersao', 0);
    end if;
    perform interno.pares_empurrar(p_cliente_id, p_conexao_id, v_contatos, coalesce(v_abrem, '{}'), v_agora);
    return interno.envio_json(p_cliente_id, p_conexao_id, v_avaliadas, v_tentativas);
end
$$;
comment on function worker.envio_intencao(uuid, uuid, text, bigint, jsonb, interval, boolean) is
'Grava a intenção de enviar antes do primeiro byte ([{id, cerca}]) e devolve o que enviar e a versão da conexão (mudou = ler de novo a credencial); regras que recusam valem aqui, seja qual for o caminho que trouxe a mensagem. O que não volta em envios não pode ser enviado. p_trocar: o que for de campanha cede o lugar a mensagens urgentes que chegaram depois; envios vem por prioridade.
Erros: 42501 sem cliente.
Efeitos: fila, tentativas, campanhas_log, mensagens, pares, eventos.
Desde: 0.1.0';
