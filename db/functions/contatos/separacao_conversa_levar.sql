/* pgmigrate-encoding: utf-8 */
create or replace function interno.separacao_conversa_levar(p_cliente_id uuid, p_fusao public.contatos_fusoes, p_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_novas uuid[] := array(
        select m.id from public.mensagens as m where m.cliente_id = p_cliente_id and m.conversa_id = p_id and m.id > p_fusao.id
    );
    v_conversa public.conversas;
    v_nova_id uuid;
begin
    update public.conversas as v set contato_id = p_fusao.de_id
    where v.cliente_id = p_cliente_id and v.id = p_id and v.contato_id = p_fusao.para_id
    returning v.* into v_conversa;
    if not found or cardinality(v_novas) = 0 then
        return;
    end if;
    -- what came since was said to the contact that stays: it goes on in a conversation of its own
    insert into public.conversas (
        cliente_id, conexao_id, contato_id, usuario_id, equipe_id, status, controle, prioridade, nao_lidas, fila_em, atribuida_em,
        adiada_ate, resolvida_em, motivo_id, ordem_ultima
    ) values (
        p_cliente_id, v_conversa.conexao_id, p_fusao.para_id, v_conversa.usuario_id, v_conversa.equipe_id, v_conversa.status,
        v_conversa.controle, v_conversa.prioridade, v_conversa.nao_lidas, v_conversa.fila_em, v_conversa.atribuida_em,
        v_conversa.adiada_ate, v_conversa.resolvida_em, v_conversa.motivo_id, v_conversa.ordem_ultima
    ) returning id into v_nova_id;
    update public.mensagens as m set conversa_id = v_nova_id where m.cliente_id = p_cliente_id and m.id = any (v_novas);
    update public.fila as f set chave_ordem = v_nova_id
    where f.cliente_id = p_cliente_id and f.chave_ordem = p_id and f.alvo_id = any (v_novas);
    perform interno.conversa_resumir(p_cliente_id, p_id), interno.conversa_resumir(p_cliente_id, v_nova_id);
end
$$;
comment on function interno.separacao_conversa_levar(uuid, public.contatos_fusoes, uuid) is
'Devolve uma conversa ao contato de que veio; as mensagens que chegaram depois da fusão ficam com o que permanece, numa conversa nova.
Erros: nenhum.
Efeitos: conversas, mensagens, fila, eventos.
Desde: 0.3.0';
