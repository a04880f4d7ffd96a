/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagens_repor(p_cliente_id uuid, p_ids uuid[]) returns table (id uuid, motivo text)
language plpgsql volatile security invoker set search_path = '' rows 100
as $$
#variable_conflict use_column
declare
    v_agora timestamptz := clock_timestamp();
    v_ordem bigint;
    r_mensagem record;
begin
    -- in the order they were written; conversations first, as whoever writes a message locks them
    for r_mensagem in
        select m.id, m.conversa_id, m.conexao_id, m.origem, v.contato_id, d.categoria is not distinct from 'MARKETING' as marketing,
            case
                when c.removido_em is not null then 'REMOVIDO'
                when c.bloqueado then 'BLOQUEADO'
                when x.removido_em is not null then 'CONEXAO_REMOVIDA'
                -- a minute early, as the intent itself refuses it
                when x.provedor = 'META_API' and m.tipo <> 'MODELO'
                    and coalesce(v.janela_expira_em, '-infinity') - interval '60 seconds' <= v_agora then 'JANELA_FECHADA'
            end as motivo
        from public.mensagens as m
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = m.conversa_id
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = v.contato_id
        join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = m.conexao_id
        left join public.modelos as d on d.cliente_id = p_cliente_id and d.id = m.modelo_id
        where m.cliente_id = p_cliente_id and m.id = any (p_ids) and m.direcao = 'SAIDA' and m.status in ('FALHOU', 'INCERTO')
        order by m.conversa_id, m.ordem, m.id
        for update of v, m
    loop
        if r_mensagem.motivo is null and r_mensagem.marketing
            and cardinality(interno.marketing_recusas(p_cliente_id, array[r_mensagem.contato_id])) > 0
        then
            r_mensagem.motivo := 'OPTOUT';
        end if;
        if r_mensagem.motivo is null then
            update public.conversas as v set ordem_ultima = v.ordem_ultima + 1
            where v.cliente_id = p_cliente_id and v.id = r_mensagem.conversa_id
            returning v.ordem_ultima into v_ordem;
            update public.mensagens as m
            set status = 'RESERVADO', motivo = null, erro_codigo = null, erro_texto = null, tentativas = 0, tentativa_id = null,
                id_externo = null, enviado_em = null, ordem = v_ordem, atualizado_em = v_agora
            where m.cliente_id = p_cliente_id and m.id = r_mensagem.id;
            insert into public.fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id, chave_ordem, ordem)
            values (
                p_cliente_id, 'mensagem_enviar', r_mensagem.conexao_id,
                case r_mensagem.origem when 'BOT' then 3 when 'AGENDADA' then 5 else 1 end,
                v_agora, r_mensagem.id, r_mensagem.conversa_id, v_ordem
            );
        end if;
        id := r_mensagem.id;
        motivo := r_mensagem.motivo;
        return next;
    end loop;
end
$$;
comment on function interno.mensagens_repor(uuid, uuid[]) is
'Põe mensagens que falharam, ou sem confirmação, de novo na fila, num novo lugar no fim da sua conversa; a que não pode mais sair fica como está, e o motivo é devolvido (nulo = voltou). As tentativas antigas ficam.
Erros: nenhum.
Efeitos: conversas, mensagens, fila.
Desde: 0.2.0';
