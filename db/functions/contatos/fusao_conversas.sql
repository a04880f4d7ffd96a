/* pgmigrate-encoding: utf-8 */
create or replace function interno.fusao_conversas(p_cliente_id uuid, p_fusao_id uuid, p_de uuid, p_para uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_par record;
begin
    -- two open ones of one number become one; what arrives from now on is in the one of the contact that stays
    for r_par in
        select d.id as de_id, a.id as para_id
        from public.conversas as d
        join public.conversas as a
            on a.cliente_id = p_cliente_id and a.conexao_id = d.conexao_id and a.contato_id = p_para and a.status <> 'RESOLVIDA'
        where d.cliente_id = p_cliente_id and d.contato_id = p_de and d.status <> 'RESOLVIDA'
        order by d.id
    loop
        perform interno.fusao_conversa_juntar(p_cliente_id, p_fusao_id, r_par.de_id, r_par.para_id);
    end loop;
    with movidas as (
        update public.conversas as v set contato_id = p_para
        where v.cliente_id = p_cliente_id and v.contato_id = p_de and v.fundida_em_id is null
        returning v.id
    )
    insert into public.contatos_fusoes_itens (cliente_id, fusao_id, tabela, alvo_id)
    select p_cliente_id, p_fusao_id, 'conversas', m.id from movidas as m;
    with movidas as (
        update public.mensagens_agendadas as a set contato_id = p_para
        where a.cliente_id = p_cliente_id and a.contato_id = p_de
        returning a.id
    )
    insert into public.contatos_fusoes_itens (cliente_id, fusao_id, tabela, alvo_id)
    select p_cliente_id, p_fusao_id, 'mensagens_agendadas', m.id from movidas as m;
end
$$;
comment on function interno.fusao_conversas(uuid, uuid, uuid, uuid) is
'Leva conversas e agendamentos de um contato a outro; onde os dois têm uma conversa aberta no mesmo número, uma só.
Erros: nenhum.
Efeitos: conversas e o que há nelas, mensagens_agendadas, contatos_fusoes_itens.
Desde: 0.3.0';
