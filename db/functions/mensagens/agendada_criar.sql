/* pgmigrate-encoding: utf-8 */
create or replace function api.agendada_criar(p_cliente_id uuid, p_sessao text, p_tipo text, p_conteudo jsonb, p_enviar_em text, p_fuso text,
    p_conversa_id uuid default null, p_contato_id uuid default null, p_conexao_id uuid default null,
    p_cancelar_se_responder boolean default false, p_recorrencia text default 'NENHUMA', p_ate timestamptz default null,
    p_chave_idempotencia text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_id uuid := uuidv7();
    v_resposta jsonb;
    v_conversa public.conversas;
    v_enviar_em timestamptz;
    v_agendada public.mensagens_agendadas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_resposta := interno.idempotencia_abrir(p_cliente_id, 'agendada_criar', p_chave_idempotencia, jsonb_build_array(
        p_tipo, p_conteudo, p_enviar_em, p_fuso, p_conversa_id, p_contato_id, p_conexao_id, p_cancelar_se_responder, p_recorrencia, p_ate
    ));
    if v_resposta is not null then
        return v_resposta;
    end if;
    -- before anything else is mended: what was written for colleagues is no message to the person
    if p_tipo = 'NOTA' then
        raise exception using errcode = 'ZRV47', message = 'nota interna não se agenda: guarde a nota agora, ou agende uma resposta', column = 'tipo';
    end if;
    if p_conversa_id is not null and (p_contato_id is not null or p_conexao_id is not null) then
        raise exception using errcode = 'ZRV46', message = 'informe a conversa, ou o contato e o número', column = 'contatoId';
    elsif p_conversa_id is not null then
        v_conversa := interno.conversa_visivel(p_cliente_id, p_conversa_id);
    elsif p_contato_id is null or p_conexao_id is null then
        raise exception using errcode = 'ZRV46', message = 'informe a conversa, ou o contato e o número', column = 'conversaId';
    else
        v_conversa.contato_id := p_contato_id;
        v_conversa.conexao_id := p_conexao_id;
        perform interno.destino_conferir(p_cliente_id, p_contato_id, p_conexao_id);
    end if;
    perform interno.agendada_voz_conferir(
        p_cliente_id, interno.agendada_conversa(p_cliente_id, v_conversa.conexao_id, v_conversa.contato_id), interno.usuario_corrente()
    );
    v_enviar_em := interno.agendada_instante(p_enviar_em, p_fuso, 'NENHUMA', 0);
    perform interno.agendada_prazo_conferir(v_enviar_em, p_recorrencia, p_ate, v_agora),
        interno.agendada_conteudo_conferir(p_cliente_id, v_conversa.contato_id, v_conversa.conexao_id, p_tipo, p_conteudo),
        interno.agendadas_limite_conferir(p_cliente_id);
    insert into public.mensagens_agendadas (
        cliente_id, id, contato_id, conexao_id, tipo, conteudo, local_em, fuso, enviar_em, cancelar_se_responder, recorrencia, ate,
        serie_id, criado_por
    ) values (
        p_cliente_id, v_id, v_conversa.contato_id, v_conversa.conexao_id, p_tipo, p_conteudo,
        to_char(p_enviar_em::timestamp, 'YYYY-MM-DD"T"HH24:MI:SS'), p_fuso, v_enviar_em, coalesce(p_cancelar_se_responder, false),
        p_recorrencia, p_ate, v_id, interno.usuario_corrente()
    ) returning * into v_agendada;
    insert into public.fila (cliente_id, tipo, prioridade, executar_em, alvo_id)
    values (p_cliente_id, 'agendada_disparar', 5, v_enviar_em, v_id);
    perform interno.auditar(p_cliente_id, 'agendada_criada', 'mensagens_agendadas', v_id),
        interno.avisar(p_cliente_id, 'agendada_mudou', v_id);
    return interno.idempotencia_fechar(p_cliente_id, 'agendada_criar', p_chave_idempotencia, interno.agendada_json(v_agendada));
end
$$;
comment on function api.agendada_criar(uuid, text, text, jsonb, text, text, uuid, uuid, uuid, boolean, text, timestamptz, text) is
'Agenda uma mensagem para uma conversa, ou para um contato e um número. p_enviar_em é a hora do relógio no fuso dado. Com p_cancelar_se_responder, uma resposta antes da hora a cancela, e com ela a série. Na conversa que outra pessoa atende não se agenda; a hora confere de novo.
Erros: ZNV01 conversa não encontrada; ZNC01 contato não encontrado; ZNX01 conexão não encontrada; ZRV40 a ZRV45 horário; ZRV46 sem destino, ou com dois; ZRV47 nota interna; ZLV02 agendamentos demais; ZCG03; os de agendada_voz_conferir e agendada_conteudo_conferir.
Efeitos: mensagens_agendadas, fila, auditoria, eventos, chaves_idempotencia.
Desde: 0.2.0';
