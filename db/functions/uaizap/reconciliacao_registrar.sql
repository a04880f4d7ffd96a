/* pgmigrate-encoding: utf-8 */
create or replace function worker.reconciliacao_registrar(
    p_cliente_id uuid, p_conexao_id uuid, p_tentativa_id uuid, p_achada jsonb default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    r_tentativa record;
    v_idade double precision;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    select t.*, i.status = 'CONECTADA' and i.status_em <= t.iniciada_em as conectada into r_tentativa
    from public.tentativas as t
    join public.conexoes_instancias as i on i.cliente_id = p_cliente_id and i.conexao_id = t.conexao_id
    where t.cliente_id = p_cliente_id and t.id = p_tentativa_id and t.conexao_id = p_conexao_id;
    if not found then
        return jsonb_build_object('esperaS', null);
    end if;
    if p_achada is not null then
        perform interno.uaizap_status_gravar(p_cliente_id, jsonb_build_array(p_achada || jsonb_build_object(
            'conexaoId', p_conexao_id, 'status', 'sent', 'tentativaId', p_tentativa_id
        )));
        return jsonb_build_object('esperaS', null);
    end if;
    v_idade := extract(epoch from v_agora - r_tentativa.iniciada_em);
    if v_idade < 300 then
        return jsonb_build_object('esperaS', greatest(1, case when v_idade < 60 then 60 else 300 end - v_idade));
    end if;
    -- only a device that was there all the time would have shown it; what follows is for a person to decide
    if r_tentativa.conectada then
        update public.mensagens as m set motivo = 'NAO_ENCONTRADO', atualizado_em = v_agora
        where m.cliente_id = p_cliente_id and m.id = r_tentativa.mensagem_id and m.status = 'INCERTO' and m.tentativa_id = p_tentativa_id;
        update public.campanhas_log as l set motivo = 'NAO_ENCONTRADO', atualizado_em = v_agora
        where l.cliente_id = p_cliente_id and l.id = r_tentativa.campanha_log_id and l.status = 'INCERTO' and l.tentativa_id = p_tentativa_id;
    end if;
    return jsonb_build_object('esperaS', null);
end
$$;
comment on function worker.reconciliacao_registrar(uuid, uuid, uuid, jsonb) is
'Guarda o que a busca no servidor UaiZap disse de uma tentativa incerta: achada ({idExterno, jid?, ocorridoEm}) prova o envio; não achada depois de 5 minutos com o aparelho sempre conectado fica INCERTO com o motivo NAO_ENCONTRADO. esperaS: quando procurar de novo; nulo = não mais.
Erros: 42501 sem cliente.
Efeitos: status_recebidos, tentativas, mensagens, campanhas_log.
Desde: 0.2.0';
