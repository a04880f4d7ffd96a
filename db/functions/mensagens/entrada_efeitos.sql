/* pgmigrate-encoding: utf-8 */
create or replace function interno.entrada_efeitos(p_cliente_id uuid, p_novas jsonb, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_conversa record;
begin
    -- in one order, so that two batches never wait for each other
    for r_conversa in
        select n.conversa_id, count(*) filter (where n.direcao = 'ENTRADA' and n.tipo <> 'SISTEMA') as nao_lidas,
            max(n.ocorrido_em) as ultima,
            max(least(n.ocorrido_em, p_agora)) filter (where n.direcao = 'ENTRADA' and n.tipo <> 'SISTEMA') as recebida
        from jsonb_to_recordset(p_novas) as n (conversa_id uuid, direcao text, tipo text, ocorrido_em timestamptz)
        group by n.conversa_id
        order by n.conversa_id
    loop
        update public.conversas as v
        set nao_lidas = v.nao_lidas + r_conversa.nao_lidas, ultima_mensagem_em = greatest(v.ultima_mensagem_em, r_conversa.ultima),
            janela_expira_em = greatest(v.janela_expira_em, r_conversa.recebida + interval '24 hours')
        where v.cliente_id = p_cliente_id and v.id = r_conversa.conversa_id;
    end loop;
    insert into public.consentimentos (cliente_id, contato_id, finalidade, acao, origem, prova)
    select p_cliente_id, n.contato_id, 'MARKETING', 'REVOGADO', 'WHATSAPP',
        format('A pessoa escreveu "%s" (mensagem %s)', left(n.corpo, 100), n.id)
    from jsonb_to_recordset(p_novas) as n (
        id uuid, contato_id uuid, direcao text, tipo text, conteudo jsonb, corpo text, ocorrido_em timestamptz
    )
    where n.direcao = 'ENTRADA' and interno.marketing_recusado(n.tipo, n.conteudo)
    order by n.contato_id, n.ocorrido_em, n.id;
    insert into public.eventos (cliente_id, tipo, alvo_id)
    select p_cliente_id, e.tipo, e.alvo_id
    from (
        select distinct 'conversa_mudou' as tipo, n.conversa_id as alvo_id
        from jsonb_to_recordset(p_novas) as n (conversa_id uuid)
        union all
        select 'mensagem_mudou', n.id from jsonb_to_recordset(p_novas) as n (id uuid)
    ) as e;
end
$$;
comment on function interno.entrada_efeitos(uuid, jsonb, timestamptz) is
'O que as mensagens recém-guardadas mudam: conversa (não lidas, janela de 24 horas pela hora do provedor, última), recusa de marketing e avisos.
Erros: nenhum.
Efeitos: conversas, consentimentos, contatos, supressoes, eventos.
Desde: 0.2.0';
