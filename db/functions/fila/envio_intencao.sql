/* pgmigrate-encoding: utf-8 */
create or replace function worker.envio_intencao(
    p_cliente_id uuid, p_conexao_id uuid, p_dono text, p_epoca bigint, p_itens jsonb, p_lease interval default '20 seconds'
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_json jsonb;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    if not interno.numero_pode_enviar(p_cliente_id, p_conexao_id, p_epoca, v_agora) then
        perform worker.fila_devolver(p_cliente_id, p_dono, p_itens);
        return jsonb_build_object('envios', '[]'::jsonb, 'modelos', '{}'::jsonb, 'conexaoVersao', 0);
    end if;
    with avaliadas as materialized (
        select a.* from interno.envio_avaliar(p_cliente_id, p_dono, p_itens, v_agora) as a
    ), retiradas as (
        delete from public.fila as f using avaliadas as a
        where f.cliente_id = p_cliente_id and f.id = a.id and a.veredito is not null
    ), tentadas as (
        insert into public.tentativas (cliente_id, alvo_id, conexao_id, numero, processo, iniciada_em)
        select p_cliente_id, a.alvo_id, p_conexao_id, a.tentativas + 1, p_dono, v_agora
        from avaliadas as a where a.veredito is null
        returning id, alvo_id
    ), intencoes as (
        update public.fila as f
        set intencao_em = v_agora, tentativas = f.tentativas + 1, reservado_ate = v_agora + p_lease
        from avaliadas as a
        where f.cliente_id = p_cliente_id and f.id = a.id and a.veredito is null
    ), registros as (
        update public.campanhas_log as l
        set status = case when a.veredito is null then 'ENVIANDO' when a.veredito = 'DEVOLVER' then 'PENDENTE' else 'PULADO' end,
            motivo = nullif(a.veredito, 'DEVOLVER'),
            tentativa_id = coalesce(t.id, l.tentativa_id),
            tentativas = l.tentativas + case when a.veredito is null then 1 else 0 end,
            atualizado_em = v_agora
        from avaliadas as a
        left join tentadas as t on t.alvo_id = a.alvo_id
        where l.cliente_id = p_cliente_id and l.id = a.alvo_id and l.status = 'RESERVADO'
    )
    select jsonb_build_object(
        'envios', coalesce(jsonb_agg(jsonb_build_object(
            'id', a.id, 'cerca', a.cerca, 'tentativaId', t.id, 'alvoId', a.alvo_id, 'para', a.para,
            'modeloId', a.modelo_id, 'parametros', a.parametros
        )), '[]'),
        'modelos', coalesce(jsonb_object_agg(a.modelo_id, a.modelo), '{}'),
        'conexaoVersao', (select x.versao from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = p_conexao_id)
    ) into v_json
    from avaliadas as a
    join tentadas as t on t.alvo_id = a.alvo_id;
    return v_json;
end
$$;
comment on function worker.envio_intencao(uuid, uuid, text, bigint, jsonb, interval) is
'Grava a intenção de enviar antes do primeiro byte ([{id, cerca}]) e devolve o que enviar e a versão da conexão (mudou = ler de novo a credencial); regras que recusam valem aqui, seja qual for o caminho que trouxe a mensagem. O que não volta em envios não pode ser enviado.
Erros: 42501 sem cliente.
Efeitos: fila, tentativas, campanhas_log.
Desde: 0.1.0';
