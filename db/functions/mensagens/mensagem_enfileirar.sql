/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagem_enfileirar(p_cliente_id uuid, p_conversa_id uuid, p_tipo text, p_conteudo jsonb, p_contexto_id uuid default null,
    p_origem text default 'HUMANO', p_prioridade smallint default 1, p_usuario_id uuid default null, p_id uuid default null,
    p_atraso integer default 0) returns public.mensagens
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_esperando constant integer := 200;
    c_validade constant interval := '24 hours';
    v_agora timestamptz := clock_timestamp();
    v_sai_em timestamptz := v_agora + coalesce(p_atraso, 0) * interval '1 second';
    v_id uuid := coalesce(p_id, uuidv7());
    v_conversa public.conversas;
    v_conteudo jsonb;
    v_modelo_id uuid;
    v_modelo public.modelos;
    v_mensagem public.mensagens;
    v_ordem bigint;
begin
    -- the lock gives the message its place: whoever is next waits here
    select v.* into v_conversa
    from public.conversas as v where v.cliente_id = p_cliente_id and v.id = p_conversa_id for no key update;
    if not found then
        raise exception using errcode = 'ZNV01', message = 'conversa não encontrada';
    end if;
    if p_origem = 'BOT' and v_conversa.controle <> 'BOT' then
        raise exception using errcode = 'ZRV69', message = 'nesta conversa quem fala é uma pessoa';
    end if;
    if p_atraso not between 0 and 15 then
        raise exception using errcode = '22023', message = 'o tempo para desfazer vai de 0 a 15 segundos', column = 'atraso';
    end if;
    -- whoever else has it, here or out of sight: one answer
    if exists (select from public.mensagens as m where m.cliente_id = p_cliente_id and m.id = p_id) then
        raise exception using errcode = 'ZCV80', message = 'este id não pode ser usado nesta mensagem', column = 'id';
    end if;
    v_conteudo := interno.mensagem_conteudo_conferir(p_cliente_id, v_conversa, p_tipo, p_conteudo);
    if p_tipo = 'MODELO' then
        v_modelo_id := (v_conteudo ->> 'modeloId')::uuid;
        select m.* into v_modelo from public.modelos as m where m.cliente_id = p_cliente_id and m.id = v_modelo_id;
    end if;
    if p_contexto_id is not null and not exists (
        select from public.mensagens as m
        where m.cliente_id = p_cliente_id and m.id = p_contexto_id and m.conversa_id = p_conversa_id
    ) then
        raise exception using errcode = 'ZNV02', message = 'mensagem não encontrada', column = 'contextoId';
    end if;
    perform interno.mensagem_destino_conferir(p_cliente_id, v_conversa, p_tipo, v_modelo.categoria is not distinct from 'MARKETING', v_agora);
    if (
        select count(*) from public.fila as f where f.cliente_id = p_cliente_id and f.chave_ordem = p_conversa_id
    ) >= c_esperando then
        raise exception using errcode = 'ZLV01', message = 'há mensagens demais esperando nesta conversa', detail = '30';
    end if;
    update public.conversas as v set ordem_ultima = v.ordem_ultima + 1
    where v.cliente_id = p_cliente_id and v.id = p_conversa_id
    returning v.ordem_ultima into v_ordem;
    insert into public.mensagens (
        cliente_id, id, conversa_id, conexao_id, direcao, origem, tipo, corpo, conteudo, status, ordem, contexto_id, modelo_id, usuario_id,
        ocorrido_em
    ) values (
        p_cliente_id, v_id, p_conversa_id, v_conversa.conexao_id, 'SAIDA', p_origem, p_tipo,
        interno.mensagem_corpo(p_tipo, v_conteudo, v_modelo.componentes), v_conteudo, 'RESERVADO', v_ordem,
        coalesce(p_contexto_id, case when p_tipo = 'REACAO' then (v_conteudo ->> 'alvoId')::uuid end), v_modelo.id,
        p_usuario_id, v_agora
    ) returning * into v_mensagem;
    insert into public.fila (cliente_id, tipo, conexao_id, prioridade, executar_em, expira_em, alvo_id, chave_ordem, ordem)
    values (
        p_cliente_id, 'mensagem_enviar', v_conversa.conexao_id, p_prioridade, v_sai_em, v_sai_em + c_validade, v_mensagem.id,
        p_conversa_id, v_ordem
    );
    if v_mensagem.midia_id is not null then
        -- on its way to the provider while the message waits its turn
        perform interno.midias_preparar(p_cliente_id, v_conversa.conexao_id, array[v_mensagem.midia_id]);
    end if;
    return v_mensagem;
end
$$;
comment on function interno.mensagem_enfileirar(uuid, uuid, text, jsonb, uuid, text, smallint, uuid, uuid, integer) is
'Põe uma mensagem na fila de uma conversa, no lugar que a trava da conversa lhe dá; o caminho único de pessoas (prioridade 1), bots (3) e agendadas (5). p_id: o id que quem escreve já lhe deu; p_atraso: segundos (0 a 15) em que ainda se pode desfazer, e as seguintes da conversa esperam atrás.
Erros: ZNV01 conversa não encontrada; ZRV69 um robô onde ele não tem a palavra; ZNV02 mensagem citada não encontrada; ZLV01 esperando demais; ZCV80 id já usado; 22023 atraso fora da faixa; os de mensagem_conteudo_conferir e mensagem_destino_conferir.
Efeitos: mensagens, conversas, fila, midias_provedor, eventos.
Desde: 0.2.0';
