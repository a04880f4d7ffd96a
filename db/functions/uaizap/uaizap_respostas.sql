/* pgmigrate-encoding: utf-8 */
create or replace function interno.uaizap_respostas(p_cliente_id uuid, p_conexao_id uuid, p_resultados jsonb, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_trava timestamptz;
    v_limitou boolean;
    v_itens jsonb;
    v_tentativas uuid[] := array(select (r.value ->> 'tentativaId')::uuid from jsonb_array_elements(p_resultados) as r);
begin
    perform from public.conexoes_instancias as i where i.cliente_id = p_cliente_id and i.conexao_id = p_conexao_id for update;
    if not found then
        return;
    end if;
    select max(case when r.detalhe ilike '%WHATSAPP_REACHOUT_TIMELOCK%' then coalesce(r."suspensoAte", p_agora + interval '1 hour') end),
        coalesce(bool_or(r.desfecho = 'REJEITADO' and r.http = 429), false)
    into v_trava, v_limitou
    from jsonb_to_recordset(p_resultados) as r (desfecho text, http integer, detalhe text, "suspensoAte" timestamptz);
    if v_trava > p_agora then
        perform interno.ocorrencia_registrar(p_cliente_id, 'CONEXAO', p_conexao_id, p_conexao_id, 'NOVAS_CONVERSAS_SUSPENSAS', 1463, format(
            'O WhatsApp não deixa este número começar conversas até %s; quem já escreveu continua recebendo',
            to_char(v_trava at time zone 'America/Sao_Paulo', 'DD/MM HH24:MI')
        ));
        update public.conexoes_instancias as i set novas_suspensas_ate = greatest(i.novas_suspensas_ate, v_trava)
        where i.cliente_id = p_cliente_id and i.conexao_id = p_conexao_id;
    end if;
    if v_limitou then
        update public.conexoes_instancias as i
        set fator_ritmo = least(i.fator_ritmo * 2, 16), fator_desde = p_agora,
            proximo_envio_em = greatest(i.proximo_envio_em, p_agora + i.fator_ritmo * interval '30 seconds'),
            proxima_resposta_em = greatest(i.proxima_resposta_em, p_agora + i.fator_ritmo * interval '30 seconds')
        where i.cliente_id = p_cliente_id and i.conexao_id = p_conexao_id;
    end if;
    -- what the gateway calls the person, and who turned out to be nobody, in both forms of the number
    select jsonb_agg(jsonb_build_object('contatoId', a.contato_id, 'jid', r."waId", 'fora', r.codigo = 1441)) into v_itens
    from jsonb_to_recordset(p_resultados) as r ("tentativaId" uuid, "waId" text, codigo integer)
    join public.tentativas as t on t.cliente_id = p_cliente_id and t.id = r."tentativaId" and t.id = any (v_tentativas)
    cross join lateral (
        select v.contato_id
        from public.mensagens as m
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = m.conversa_id
        where m.cliente_id = p_cliente_id and m.id = t.mensagem_id
        union all
        select l.contato_id from public.campanhas_log as l where l.cliente_id = p_cliente_id and l.id = t.campanha_log_id
    ) as a
    where r."waId" ~ '^[0-9]{5,30}@(s\.whatsapp\.net|lid)$' or r.codigo = 1441;
    if v_itens is not null then
        perform interno.uaizap_pessoas(p_cliente_id, v_itens, p_agora);
    end if;
end
$$;
comment on function interno.uaizap_respostas(uuid, uuid, jsonb, timestamptz) is
'O que as respostas a envios por aparelho ensinam, além do destino de cada mensagem: conversas novas suspensas (463), ritmo reduzido (429), como o servidor chama a pessoa e quem não está no WhatsApp. Nada faz por um número que não é de aparelho.
Erros: nenhum.
Efeitos: conexoes_instancias, contatos_identidades, contatos, ocorrencias.
Desde: 0.2.0';
