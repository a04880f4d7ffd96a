/* pgmigrate-encoding: utf-8 */
create or replace function interno.separacao_conversas(p_cliente_id uuid, p_fusao public.contatos_fusoes, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_item record;
begin
    update public.mensagens_agendadas as a set contato_id = p_fusao.de_id
    from public.contatos_fusoes_itens as i
    where i.cliente_id = p_cliente_id and i.fusao_id = p_fusao.id and i.tabela = 'mensagens_agendadas'
        and a.cliente_id = p_cliente_id and a.id = i.alvo_id;
    perform interno.separacao_mensagens(p_cliente_id, p_fusao.id);
    perform interno.separacao_anexos(p_cliente_id, p_fusao.id);
    for r_item in
        select i.tabela, i.alvo_id, i.antes, i.depois
        from public.contatos_fusoes_itens as i
        where i.cliente_id = p_cliente_id and i.fusao_id = p_fusao.id
            and i.tabela in ('conversas', 'conversas_somadas', 'conversas_fundidas')
        -- the one that took another in lets go before that one is open again
        order by case i.tabela when 'conversas' then 1 when 'conversas_somadas' then 2 else 3 end, i.alvo_id
    loop
        if r_item.tabela = 'conversas' then
            perform interno.separacao_conversa_levar(p_cliente_id, p_fusao, r_item.alvo_id);
        else
            perform interno.separacao_conversa_voltar(p_cliente_id, p_fusao, r_item.alvo_id, r_item.antes, r_item.depois);
        end if;
        end loop;
    insert into public.conversas_historico (cliente_id, conversa_id, tipo, usuario_id, dados, ocorrido_em)
    select p_cliente_id, i.alvo_id, 'SEPARADA', interno.usuario_corrente(), jsonb_build_object('fusaoId', p_fusao.id), p_agora
    from public.contatos_fusoes_itens as i
    where i.cliente_id = p_cliente_id and i.fusao_id = p_fusao.id and i.tabela in ('conversas_somadas', 'conversas_fundidas');
end
$$;
comment on function interno.separacao_conversas(uuid, public.contatos_fusoes, timestamptz) is
'Devolve a cada contato suas conversas, mensagens e agendamentos.
Erros: nenhum.
Efeitos: conversas e o que há nelas, mensagens_agendadas, eventos.
Desde: 0.3.0';
