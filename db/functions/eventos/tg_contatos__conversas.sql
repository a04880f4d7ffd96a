/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_contatos__conversas() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_muitas constant integer := 100;
    v_conversas uuid[];
    r_cliente record;
begin
    if (select count(*) from novas) > c_muitas then
        return null;
    end if;
    for r_cliente in
        select n.cliente_id as id, array_agg(n.id) as contatos
        from novas as n
        join velhas as a on a.cliente_id = n.cliente_id and a.id = n.id
        where (n.nome, n.telefone, n.bloqueado, n.removido_em) is distinct from (a.nome, a.telefone, a.bloqueado, a.removido_em)
        group by n.cliente_id
    loop
        select array_agg(v.id) into v_conversas
        from public.conversas as v
        where v.cliente_id = r_cliente.id and v.contato_id = any(r_cliente.contatos) and v.status <> 'RESOLVIDA';
        perform interno.eventos_emitir(r_cliente.id, 'conversa_mudou', 'CONVERSA_DE', v_conversas, v_conversas);
    end loop;
    return null;
end
$$;
comment on function interno.tg_contatos__conversas() is
'Conta que mudaram as conversas em aberto das pessoas cujo nome, telefone ou bloqueio mudou: quem vê a conversa pode não ver o contato.
Erros: nenhum.
Efeitos: eventos.
Desde: 0.3.0';
