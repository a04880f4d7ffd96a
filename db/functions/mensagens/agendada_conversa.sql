/* pgmigrate-encoding: utf-8 */
create or replace function interno.agendada_conversa(p_cliente_id uuid, p_conexao_id uuid, p_contato_id uuid) returns public.conversas
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_contato_id uuid := interno.contato_atual(p_cliente_id, p_contato_id);
    v_conversa public.conversas;
begin
    select v.* into v_conversa from public.conversas as v
    where v.cliente_id = p_cliente_id and v.conexao_id = p_conexao_id and v.contato_id = v_contato_id and v.status <> 'RESOLVIDA';
    if not found then
        v_conversa.equipe_id := (select x.equipe_id from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = p_conexao_id);
    end if;
    return v_conversa;
end
$$;
comment on function interno.agendada_conversa(uuid, uuid, uuid) is
'A conversa em que uma mensagem agendada sairia agora, como conversa_abrir a acha ou a criaria (sem id), sem tocá-la.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
