/* pgmigrate-encoding: utf-8 */
create or replace function interno.agendada_seguir(p_cliente_id uuid, p_agendada public.mensagens_agendadas, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_id uuid := uuidv7();
    v_numero integer := p_agendada.numero;
    v_proxima timestamptz;
begin
    if p_agendada.recorrencia = 'NENHUMA' then
        return;
    end if;
    -- what was missed while nothing ran is not made up for: the next one is ahead
    loop
        v_numero := v_numero + 1;
        v_proxima := interno.agendada_instante(p_agendada.local_em, p_agendada.fuso, p_agendada.recorrencia, v_numero);
        exit when v_proxima > p_agora;
    end loop;
    if v_proxima > p_agendada.ate then
        return;
    end if;
    insert into public.mensagens_agendadas (
        cliente_id, id, contato_id, conexao_id, tipo, conteudo, local_em, fuso, enviar_em, cancelar_se_responder, recorrencia, ate,
        serie_id, numero, criado_por
    ) values (
        p_cliente_id, v_id, p_agendada.contato_id, p_agendada.conexao_id, p_agendada.tipo, p_agendada.conteudo, p_agendada.local_em,
        p_agendada.fuso, v_proxima, p_agendada.cancelar_se_responder, p_agendada.recorrencia, p_agendada.ate, p_agendada.serie_id,
        v_numero, p_agendada.criado_por
    );
    insert into public.fila (cliente_id, tipo, prioridade, executar_em, alvo_id) values (p_cliente_id, 'agendada_disparar', 5, v_proxima, v_id);
    perform interno.avisar(p_cliente_id, 'agendada_mudou', v_id);
end
$$;
comment on function interno.agendada_seguir(uuid, public.mensagens_agendadas, timestamptz) is
'Agenda a repetição seguinte de uma série, se ainda há.
Erros: nenhum.
Efeitos: mensagens_agendadas, fila, eventos.
Desde: 0.2.0';
