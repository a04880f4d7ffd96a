/* pgmigrate-encoding: utf-8 */
create or replace function worker.envio_registrar(p_cliente_id uuid, p_conexao_id uuid, p_dono text, p_resultados jsonb) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_sorte double precision := random();
    v_efeitos jsonb;
    v_aceitos text[];
    -- arrays: what is read out of jsonb may not, under RLS, be an index condition
    v_fila uuid[] := array(select (r.value ->> 'id')::uuid from jsonb_array_elements(p_resultados) as r);
    v_alvos uuid[] := array(select (r.value ->> 'alvoId')::uuid from jsonb_array_elements(p_resultados) as r);
    v_tentativas uuid[] := array(select (r.value ->> 'tentativaId')::uuid from jsonb_array_elements(p_resultados) as r);
begin
    perform interno.contexto_trabalho(p_cliente_id);
    -- queue rows first, then recipients: the order every other function takes them in
    perform from public.fila as f
    where f.cliente_id = p_cliente_id and f.id = any (v_fila)
    order by f.id for update;
    -- whoever cancels the campaign now does so before or after this, not meanwhile: what goes back must be taken along
    perform from public.campanhas as k
    where k.cliente_id = p_cliente_id and k.id in (
        select c.campanha_id from interno.envio_classificar(p_cliente_id, p_dono, p_resultados) as c where c.acao = 'DEVOLVER'
    )
    order by k.id for share;
    with itens as materialized (
        select c.* from interno.envio_classificar(p_cliente_id, p_dono, p_resultados) as c
    ), fechadas as (
        update public.tentativas as t
        set terminada_em = v_agora, desfecho = i.desfecho, erro_codigo = i.codigo, detalhe = i.detalhe,
            id_externo = coalesce(t.id_externo, i.id_externo)
        from itens as i
        where t.cliente_id = p_cliente_id and t.id = any (v_tentativas) and t.id = i.tentativa_id
    ), retiradas as (
        delete from public.fila as f using itens as i
        where f.cliente_id = p_cliente_id and f.id = any (v_fila) and f.id = i.fila_id and i.acao not in ('ADIAR', 'REPETIR')
    ), adiadas as (
        update public.fila as f
        set reservado_por = null, reservado_ate = null, intencao_em = null,
            -- a refusal that says "not now" to the whole number does not use up this message's attempts
            tentativas = f.tentativas - case when i.acao = 'ADIAR' then 1 else 0 end,
            executar_em = v_agora + interno.espera_de_envio(i.classe, i.tentativas, v_sorte),
            expira_em = v_agora + interno.espera_de_envio(i.classe, i.tentativas, v_sorte) + interval '5 minutes'
        from itens as i
        where f.cliente_id = p_cliente_id and f.id = any (v_fila) and f.id = i.fila_id and i.acao in ('ADIAR', 'REPETIR')
    ), mortas as (
        insert into public.fila_morta (cliente_id, id, tipo, conexao_id, alvo_id, tentativas, erro_codigo, erro_texto)
        select p_cliente_id, i.fila_id, 'campanha_enviar', p_conexao_id, i.alvo_id, i.tentativas, i.codigo, i.texto
        from itens as i where i.acao = 'MORTA'
    ), aliases as (
        insert into public.contatos_identidades (cliente_id, contato_id, tipo, valor)
        select p_cliente_id, l.contato_id, 'WA_ID', i.wa_id
        from itens as i
        join public.campanhas_log as l on l.cliente_id = p_cliente_id and l.id = any (v_alvos) and l.id = i.alvo_id
        where i.wa_id is not null and i.wa_id <> ltrim(l.telefone, '+')
        order by i.wa_id
        on conflict (cliente_id, tipo, valor) do nothing
    ), registros as (
        update public.campanhas_log as l
        set status = case
                when l.status not in ('ENVIANDO', 'INCERTO') then l.status
                when i.acao in ('ENVIADO', 'INCERTO', 'FALHOU') then i.acao
                when i.acao = 'MORTA' then 'FALHOU'
                when i.acao = 'DEVOLVER' then 'PENDENTE'
                else 'RESERVADO'
            end,
            motivo = case
                when l.status not in ('ENVIANDO', 'INCERTO') then l.motivo
                when i.acao = 'INCERTO' then 'SEM_RESPOSTA'
                when i.acao = 'FALHOU' then i.classe
                when i.acao = 'MORTA' then 'TENTATIVAS_ESGOTADAS'
            end,
            erro_codigo = case
                when l.status not in ('ENVIANDO', 'INCERTO') then l.erro_codigo when i.acao <> 'ENVIADO' then i.codigo
            end,
            erro_texto = case
                when l.status not in ('ENVIANDO', 'INCERTO') then l.erro_texto when i.acao <> 'ENVIADO' then i.texto
            end,
            id_externo = coalesce(l.id_externo, i.id_externo),
            enviado_em = case when i.acao = 'ENVIADO' then coalesce(l.enviado_em, v_agora) else l.enviado_em end,
            atualizado_em = v_agora
        from itens as i
        where l.cliente_id = p_cliente_id and l.id = any (v_alvos) and l.id = i.alvo_id and i.acao <> 'RETIRAR'
        returning l.contato_id, l.motivo
    ), recusas as (
        insert into public.consentimentos (cliente_id, contato_id, finalidade, acao, origem, prova)
        select distinct p_cliente_id, r.contato_id, 'MARKETING', 'REVOGADO', 'PROVEDOR', 'WhatsApp recusou o envio: a pessoa parou o marketing'
        from registros as r
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = r.contato_id
        where r.motivo = 'OPTOUT' and c.marketing <> 'REVOGADO'
    )
    select jsonb_object_agg(x.classe, x.dados) filter (where x.classe is not null), array_agg(x.id_externo) filter (where x.id_externo is not null)
    into v_efeitos, v_aceitos
    from (
        select coalesce(i.classe, case when i.acao = 'ADIAR' then 'TRANSPORTE' when i.acao = 'ENVIADO' then 'ACEITO' end) as classe,
            jsonb_build_object('texto', i.texto, 'campanhaId', i.campanha_id) as dados, i.id_externo
        from itens as i
    ) as x;
    update public.campanhas_log as l set status = 'PULADO', motivo = 'CAMPANHA_CANCELADA', atualizado_em = v_agora
    from public.campanhas as k
    where l.cliente_id = p_cliente_id and l.status = 'PENDENTE'
        and l.id = any (v_alvos)
        and k.cliente_id = p_cliente_id and k.id = l.campanha_id and k.status = 'CANCELADA';
    perform interno.envio_efeitos_aplicar(p_cliente_id, p_conexao_id, coalesce(v_efeitos, '{}'), v_agora, v_sorte);
    -- a status may have come before the answer, without our attempt id to tie it
    if v_aceitos is not null then
        perform interno.envio_consolidar(p_cliente_id, array(
            select t.alvo_id
            from public.status_recebidos as s
            join public.tentativas as t
                on t.cliente_id = p_cliente_id and t.conexao_id = s.conexao_id and t.id_externo = s.id_externo
            where s.cliente_id = p_cliente_id and s.conexao_id = p_conexao_id and s.id_externo = any (v_aceitos)
        ));
    end if;
    return coalesce(v_efeitos, '{}');
end
$$;
comment on function worker.envio_registrar(uuid, uuid, text, jsonb) is
'Registra, em lote, o que o provedor respondeu a cada envio ([{id, cerca, tentativaId, alvoId, desfecho, codigo?, subcodigo?, http?, detalhe?, idExterno?, waId?, semVaga?}]); desfecho: ACEITO, REJEITADO, NAO_ENVIADO (provado) ou AMBIGUO. Resposta de quem perdeu a reserva só vale se for definitiva.
Erros: 42501 sem cliente.
Efeitos: fila, fila_morta, tentativas, campanhas_log, contatos_identidades, consentimentos; conexões, modelos e campanhas que o erro manda parar.
Desde: 0.1.0';
