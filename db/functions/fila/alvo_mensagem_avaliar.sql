/* pgmigrate-encoding: utf-8 */
create or replace function interno.alvo_mensagem_avaliar(p_cliente_id uuid, p_filas uuid[], p_agora timestamptz)
returns table (
    fila_id uuid, alvo_id uuid, alvo_tipo text, contato_id uuid, telefone text, tentativa_id uuid, veredito text, motivo text,
    tipo text, conteudo jsonb, contexto_id uuid, modelo_id uuid, abre_par boolean, midias uuid[]
)
language plpgsql volatile security invoker set search_path = '' rows 10
as $$
#variable_conflict use_column
declare
    -- before the rows are looked at: what is answered here holds until the intent is committed
    v_recusas uuid[] := interno.marketing_recusas(p_cliente_id, array(
        select v.contato_id
        from public.fila as f
        join public.mensagens as m on m.cliente_id = p_cliente_id and m.id = f.alvo_id
        join public.modelos as d on d.cliente_id = p_cliente_id and d.id = m.modelo_id
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = m.conversa_id
        where f.cliente_id = p_cliente_id and f.id = any (p_filas) and f.tipo = 'mensagem_enviar' and d.categoria = 'MARKETING'
    ));
begin
    -- plpgsql keeps its plan between calls; planned every time, this costs more than it does
    return query
    select f.id, m.id, 'MENSAGEM', v.contato_id, c.telefone, m.tentativa_id,
        case
            when m.status not in ('PENDENTE', 'RESERVADO') then 'RETIRAR'
            when f.expira_em <= p_agora then 'FALHAR'
            when r.motivo is not null then 'PULAR'
            else 'ENVIAR'
        end,
        case when f.expira_em <= p_agora then 'EXPIRADA' else r.motivo end,
        m.tipo, m.conteudo, m.contexto_id, m.modelo_id, true,
        interno.conteudo_midias(m.conteudo)
    from public.fila as f
    join public.mensagens as m on m.cliente_id = p_cliente_id and m.id = f.alvo_id
    join public.conversas as v on v.cliente_id = p_cliente_id and v.id = m.conversa_id
    join public.contatos as c on c.cliente_id = p_cliente_id and c.id = v.contato_id
    join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = f.conexao_id
    left join public.modelos as d on d.cliente_id = p_cliente_id and d.id = m.modelo_id
    cross join lateral (
        select case
            when c.removido_em is not null then 'REMOVIDO'
            when c.bloqueado then 'BLOQUEADO'
            -- a gateway was told so within the week: asking it over and over is what gets a number restricted
            when x.provedor = 'UAIZAP' and c.sem_whatsapp_em > p_agora - interval '7 days' and not exists (
                select from public.contatos_identidades as i
                where i.cliente_id = p_cliente_id and i.contato_id = c.id and i.tipo in ('JID', 'LID')
            ) then 'SEM_WHATSAPP'
            -- computed before a person took over: one voice at a time
            when m.origem = 'BOT' and v.controle <> 'BOT' then 'CONTROLE'
            when m.tipo = 'MODELO' and (d.id is null or d.status <> 'APPROVED' or d.conexao_id <> f.conexao_id) then 'MODELO_PARADO'
            when m.tipo = 'MODELO' and d.categoria = 'MARKETING' and c.id = any (v_recusas) then 'OPTOUT'
            -- a minute early: what is on its way when the window closes is refused, too
            when m.tipo <> 'MODELO' and x.provedor = 'META_API'
                and coalesce(v.janela_expira_em, '-infinity') - interval '60 seconds' <= p_agora then 'JANELA_FECHADA'
        end as motivo
    ) as r
    where f.cliente_id = p_cliente_id and f.id = any (p_filas) and f.tipo = 'mensagem_enviar'
    order by f.id
    for update of m;
end
$$;
comment on function interno.alvo_mensagem_avaliar(uuid, uuid[], timestamptz) is
'Diz o que fazer de cada mensagem que está para ser enviada: ENVIAR, PULAR (com motivo: bloqueio, remoção, sem WhatsApp, robô sem a palavra, recusa de marketing, modelo parado, janela fechada), FALHAR (esperou demais) ou RETIRAR (já seguiu outro caminho). Vale seja qual for o caminho que criou a mensagem.
Erros: nenhum.
Efeitos: trava de linha em mensagens, de leitura nos contatos de marketing.
Desde: 0.2.0';
