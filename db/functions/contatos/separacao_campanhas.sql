/* pgmigrate-encoding: utf-8 */
create or replace function interno.separacao_campanhas(p_cliente_id uuid, p_fusao public.contatos_fusoes, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    update public.campanhas_log as l set contato_id = p_fusao.de_id
    from public.contatos_fusoes_itens as i
    where i.cliente_id = p_cliente_id and i.fusao_id = p_fusao.id and i.tabela = 'campanhas_log'
        and l.cliente_id = p_cliente_id and l.id = i.alvo_id;
    update public.campanhas_publico as p set contato_id = p_fusao.de_id
    from public.contatos_fusoes_itens as i
    where i.cliente_id = p_cliente_id and i.fusao_id = p_fusao.id and i.tabela = 'campanhas_publico'
        and p.cliente_id = p_cliente_id and p.campanha_id = i.alvo_id and p.contato_id = p_fusao.para_id;
    -- a campaign that is over stays over
    update public.campanhas_log as l set status = 'PENDENTE', motivo = null, atualizado_em = p_agora
    from public.contatos_fusoes_itens as i, public.campanhas as k
    where i.cliente_id = p_cliente_id and i.fusao_id = p_fusao.id and i.tabela = 'campanhas_puladas'
        and l.cliente_id = p_cliente_id and l.id = i.alvo_id and l.status = 'PULADO' and l.motivo = 'DUPLICADO'
        and k.cliente_id = p_cliente_id and k.id = l.campanha_id and k.status in ('EM_ANDAMENTO', 'PAUSADA');
    -- its place in the queue is still there
    update public.campanhas_log as l set status = 'RESERVADO'
    from public.contatos_fusoes_itens as i, public.fila as f
    where i.cliente_id = p_cliente_id and i.fusao_id = p_fusao.id and i.tabela = 'campanhas_puladas' and i.antes ->> 'status' = 'RESERVADO'
        and l.cliente_id = p_cliente_id and l.id = i.alvo_id and l.status = 'PENDENTE'
        and f.cliente_id = p_cliente_id and f.tipo = 'campanha_enviar' and f.alvo_id = i.alvo_id;
end
$$;
comment on function interno.separacao_campanhas(uuid, public.contatos_fusoes, timestamptz) is
'Devolve a cada contato seu lugar nas campanhas; quem foi pulado por ser a mesma pessoa volta a esperar, se a campanha não acabou.
Erros: nenhum.
Efeitos: campanhas_log, campanhas_totais, campanhas_publico.
Desde: 0.3.0';
