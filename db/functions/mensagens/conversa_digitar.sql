/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_digitar(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_intervalo constant interval := '20 seconds';
    v_agora timestamptz := clock_timestamp();
    v_conexao_id uuid;
    v_ultima uuid;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    perform interno.conversa_visivel(p_cliente_id, p_id);
    update public.conversas as v set digitando_em = v_agora
    where v.cliente_id = p_cliente_id and v.id = p_id and (v.digitando_em is null or v.digitando_em <= v_agora - c_intervalo)
        and v.janela_expira_em > v_agora
    returning v.conexao_id into v_conexao_id;
    if found then
        select m.id into v_ultima from public.mensagens as m
        where m.cliente_id = p_cliente_id and m.conversa_id = p_id and m.direcao = 'ENTRADA' and m.id_externo is not null
        order by m.ocorrido_em desc, m.id desc limit 1;
        insert into public.fila (cliente_id, tipo, conexao_id, prioridade, executar_em, max_tentativas, alvo_id)
        select p_cliente_id, 'digitando_mostrar', v_conexao_id, 1, v_agora, 1, v_ultima where v_ultima is not null
        on conflict (cliente_id, tipo, alvo_id) do nothing;
    end if;
    return jsonb_build_object('mostrado', v_ultima is not null);
end
$$;
comment on function api.conversa_digitar(uuid, text, uuid) is
'Mostra à pessoa que alguém digita: no máximo uma vez a cada 20 segundos, e só com a janela aberta.
Erros: ZNV01 conversa não encontrada.
Efeitos: conversas, fila (digitando_mostrar da última mensagem recebida).
Desde: 0.2.0';
