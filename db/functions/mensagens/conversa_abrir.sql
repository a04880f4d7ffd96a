/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_abrir(p_cliente_id uuid, p_conexao_id uuid, p_contato_id uuid) returns public.conversas
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_contato_id uuid := interno.contato_atual(p_cliente_id, p_contato_id);
    v_conversa public.conversas;
begin
    loop
        select v.* into v_conversa from public.conversas as v
        where v.cliente_id = p_cliente_id and v.conexao_id = p_conexao_id and v.contato_id = v_contato_id and v.status <> 'RESOLVIDA'
        for no key update;
        exit when found;
        insert into public.conversas (cliente_id, conexao_id, contato_id, equipe_id)
        values (p_cliente_id, p_conexao_id, v_contato_id, (
            select x.equipe_id from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = p_conexao_id
        ))
        on conflict (cliente_id, conexao_id, contato_id) where status <> 'RESOLVIDA' do nothing;
    end loop;
    return v_conversa;
end
$$;
comment on function interno.conversa_abrir(uuid, uuid, uuid) is
'A conversa aberta de um contato (ou daquele em que foi juntado) com um número, travada; criada se não há, na equipe do número.
Erros: 40001 o contato acaba de ser juntado a outro.
Efeitos: conversas; trava a linha até o fim da transação.
Desde: 0.2.0';
