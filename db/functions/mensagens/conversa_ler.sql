/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_ler(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_conversa public.conversas;
    v_ultima uuid;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    perform interno.conversa_visivel(p_cliente_id, p_id);
    select v.* into v_conversa from public.conversas as v where v.cliente_id = p_cliente_id and v.id = p_id for no key update;
    select m.id into v_ultima from public.mensagens as m
    where m.cliente_id = p_cliente_id and m.conversa_id = p_id and m.direcao = 'ENTRADA' and m.id_externo is not null
    order by m.ocorrido_em desc, m.id desc limit 1;
    if v_ultima is not null and v_ultima is distinct from v_conversa.leitura_mensagem_id then
        -- marking one marks the earlier ones, too
        insert into public.fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id)
        values (p_cliente_id, 'leitura_marcar', v_conversa.conexao_id, 1, v_agora, v_ultima)
        on conflict (cliente_id, tipo, alvo_id) do nothing;
    end if;
    if v_conversa.nao_lidas > 0 or v_ultima is distinct from v_conversa.leitura_mensagem_id then
        update public.conversas as v set nao_lidas = 0, leitura_mensagem_id = v_ultima
        where v.cliente_id = p_cliente_id and v.id = p_id
        returning v.* into v_conversa;
    end if;
    return interno.conversa_json(v_conversa);
end
$$;
comment on function api.conversa_ler(uuid, text, uuid) is
'Marca a conversa como lida e conta isso ao provedor, uma vez por mensagem recebida.
Erros: ZNV01 conversa não encontrada.
Efeitos: conversas, fila (leitura_marcar da última mensagem recebida), eventos.
Desde: 0.2.0';
