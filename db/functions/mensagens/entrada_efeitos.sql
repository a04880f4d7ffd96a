/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_efeitos(p_cliente_id uuid, p_novas jsonb, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_nova record;
    v_aplicar uuid[];
    v_canceladas uuid[];
begin
    with novas as materialized (
        select n.id, n.conexao_id, n.id_externo
        from jsonb_to_recordset(p_novas) as n (id uuid, conexao_id uuid, id_externo text)
    ), ligadas as (
        update public.mensagens as m set contexto_id = n.id
        from novas as n
        where m.cliente_id = p_cliente_id and m.conexao_id = n.conexao_id and m.contexto_id_externo = n.id_externo and m.contexto_id is null
        returning m.id, m.tipo
    )
    select array_agg(l.id) into v_aplicar
    from (
        select g.id, g.tipo from ligadas as g
        union all
        select n.id, n.tipo from jsonb_to_recordset(p_novas) as n (id uuid, tipo text)
    ) as l
    where l.tipo in ('REACAO', 'EDICAO', 'EXCLUSAO');
    if v_aplicar is not null then
        perform interno.mensagens_aplicar(p_cliente_id, v_aplicar);
    end if;
    if jsonb_path_exists(p_novas, '$[*] ? (@.direcao == "SAIDA")') then
        perform interno.entrada_controle(p_cliente_id, p_novas);
    end if;
    for r_nova in
        select n.id, n.conexao_id, n.midia
        from jsonb_to_recordset(p_novas) as n (id uuid, conexao_id uuid, midia jsonb)
        where jsonb_typeof(n.midia) = 'object'
        order by n.id
    loop
        perform interno.midia_entrada_registrar(p_cliente_id, r_nova.conexao_id, r_nova.id, r_nova.midia);
    end loop;
    perform interno.conversas_retomar(p_cliente_id, array(
        select distinct n.conversa_id
        from jsonb_to_recordset(p_novas) as n (conversa_id uuid, direcao text, tipo text)
        where n.direcao = 'ENTRADA' and n.tipo not in ('SISTEMA', 'REACAO', 'EDICAO', 'EXCLUSAO')
    ), p_agora);
    -- the person answered first: the conversation is locked, so a message of that hour is either out or called off
    with respostas as materialized (
        select n.contato_id, n.conexao_id, max(n.ocorrido_em) as ocorrido_em
        from jsonb_to_recordset(p_novas) as n (contato_id uuid, conexao_id uuid, direcao text, tipo text, ocorrido_em timestamptz)
        where n.direcao = 'ENTRADA' and n.tipo <> 'SISTEMA'
        group by n.contato_id, n.conexao_id
    ), esperam as materialized (
        select a.id
        from respostas as r
        join public.mensagens_agendadas as a
            on a.cliente_id = p_cliente_id and a.contato_id = r.contato_id and a.conexao_id = r.conexao_id and a.status = 'AGENDADA'
        -- providers count in seconds
        where a.cancelar_se_responder and r.ocorrido_em >= date_trunc('second', a.criado_em)
        order by a.id
        for no key update of a
    ), canceladas as (
        update public.mensagens_agendadas as a
        set status = 'CANCELADA', motivo = 'RESPONDEU', motivo_texto = 'A pessoa escreveu antes da hora marcada'
        from esperam as e
        where a.cliente_id = p_cliente_id and a.id = e.id and a.status = 'AGENDADA'
        returning a.id
    )
    select array_agg(c.id) into v_canceladas from canceladas as c;
    perform interno.agendadas_retirar(p_cliente_id, v_canceladas);
    insert into public.consentimentos (cliente_id, contato_id, finalidade, acao, origem, prova, ocorrido_em)
    select p_cliente_id, n.contato_id, 'MARKETING', 'REVOGADO', 'WHATSAPP',
        format('A pessoa escreveu "%s" (mensagem %s)', left(n.corpo, 100), n.id), least(n.ocorrido_em, p_agora)
    from jsonb_to_recordset(p_novas) as n (
        id uuid, contato_id uuid, direcao text, tipo text, conteudo jsonb, corpo text, ocorrido_em timestamptz
    )
    where n.direcao = 'ENTRADA' and interno.marketing_recusado(n.tipo, n.conteudo)
    order by n.contato_id, n.ocorrido_em, n.id;
    perform interno.avisar(p_cliente_id, 'agendada_mudou', c.id) from unnest(v_canceladas) as c (id);
end
$$;
comment on function interno.entrada_efeitos(uuid, jsonb, timestamptz) is
'O que as mensagens recém-guardadas mudam, além do resumo da conversa (tg_mensagens__resumir): citações que esperavam por elas, mídia a baixar, conversas que voltam porque a pessoa escreveu, agendamentos que a resposta cancela, recusa de marketing e avisos.
Erros: nenhum.
Efeitos: mensagens, conversas, conversas_historico, midias, mensagens_agendadas, consentimentos, contatos, supressoes, eventos, fila.
Desde: 0.2.0';
