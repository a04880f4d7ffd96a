/* pgmigrate-encoding: utf-8 */
create or replace function interno.agendada_disparar(p_cliente_id uuid, p_id uuid, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agendada public.mensagens_agendadas;
    v_conversa public.conversas;
    v_mensagem public.mensagens;
    v_texto text;
    v_codigo text;
begin
    select a.* into v_agendada from public.mensagens_agendadas as a where a.cliente_id = p_cliente_id and a.id = p_id;
    if not found or v_agendada.status <> 'AGENDADA' or v_agendada.enviar_em > p_agora then
        return;
    end if;
    begin
        -- conversation first, as intake takes it: an answer that arrives now is either before this or after it
        v_conversa := interno.conversa_abrir(p_cliente_id, v_agendada.conexao_id, v_agendada.contato_id);
        select a.* into v_agendada from public.mensagens_agendadas as a where a.cliente_id = p_cliente_id and a.id = p_id for update;
        if v_agendada.status <> 'AGENDADA' or v_agendada.enviar_em > p_agora then
            return;
        end if;
        perform interno.agendada_voz_conferir(p_cliente_id, v_conversa, v_agendada.criado_por);
        v_mensagem := interno.mensagem_enfileirar(
            p_cliente_id, v_conversa.id, v_agendada.tipo, v_agendada.conteudo, null, 'AGENDADA', 5::smallint, v_agendada.criado_por
        );
        update public.mensagens_agendadas as a set status = 'DISPARADA', mensagem_id = v_mensagem.id
        where a.cliente_id = p_cliente_id and a.id = p_id;
    exception when sqlstate 'ZRV01' or sqlstate 'ZRV02' or sqlstate 'ZRV03' or sqlstate 'ZRV04' or sqlstate 'ZRV05' or sqlstate 'ZRV06'
    or sqlstate 'ZRV11' or sqlstate 'ZRV12' or sqlstate 'ZRV13' or sqlstate 'ZRV18' or sqlstate 'ZRM01' or sqlstate 'ZRM02'
    or sqlstate 'ZRM03' or sqlstate 'ZRM04' or sqlstate 'ZRM05' or sqlstate 'ZRM06' or sqlstate 'ZRV25' or sqlstate 'ZRV26'
    or sqlstate 'ZRV30' or sqlstate 'ZRV31' or sqlstate 'ZRV32' or sqlstate 'ZRV33' or sqlstate 'ZRV34' or sqlstate 'ZRK05'
    or sqlstate 'ZNM01' or sqlstate 'ZNV02' or sqlstate 'ZND01' or sqlstate 'ZLV01' or sqlstate 'ZCV20' or sqlstate 'ZCV25'
    then
        -- nobody is there to read the refusal: it is written where the message is looked at
        get stacked diagnostics v_texto = message_text, v_codigo = returned_sqlstate;
        update public.mensagens_agendadas as a set status = 'FALHOU', motivo = v_codigo, motivo_texto = left(v_texto, 300)
        where a.cliente_id = p_cliente_id and a.id = p_id and a.status = 'AGENDADA';
        if not found then
            return;
        end if;
    end;
    perform interno.avisar(p_cliente_id, 'agendada_mudou', p_id);
    if v_codigo is distinct from 'ZRV30' then
        perform interno.agendada_seguir(p_cliente_id, v_agendada, p_agora);
    end if;
end
$$;
comment on function interno.agendada_disparar(uuid, uuid, timestamptz) is
'Põe na fila a mensagem cuja hora chegou, uma vez só por mais que o trabalho se repita, e agenda a repetição seguinte; se uma regra recusa, ou a conversa já é de outra pessoa, o agendamento fica FALHOU com o motivo.
Erros: nenhum de regra; a recusa ZRV30 (contato removido) encerra a série.
Efeitos: mensagens_agendadas, conversas, mensagens, fila, eventos.
Desde: 0.2.0';
