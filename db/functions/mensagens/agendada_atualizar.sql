/* pgmigrate-encoding: utf-8 */
create or replace function api.agendada_atualizar(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null, p_tipo text default null, p_conteudo jsonb default null,
    p_enviar_em text default null, p_fuso text default null, p_cancelar_se_responder boolean default null,
    p_recorrencia text default null, p_ate timestamptz default null, p_limpar text[] default '{}') returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_nova_serie uuid := uuidv7();
    v_agendada public.mensagens_agendadas;
    v_muda boolean;
    v_local text;
    v_fuso text;
    v_recorrencia text;
    v_ate timestamptz;
    v_enviar_em timestamptz;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_agendada := interno.agendada_travar(p_cliente_id, p_id, p_versao);
    if not p_limpar <@ array['ate'] then
        raise exception using errcode = '22023', message = 'só ate pode ficar vazio', column = 'limpar';
    end if;
    -- a new hour, place or rhythm starts the count anew
    v_muda := num_nonnulls(p_enviar_em, p_fuso, p_recorrencia) > 0;
    v_local := coalesce(p_enviar_em, to_char(v_agendada.enviar_em at time zone v_agendada.fuso, 'YYYY-MM-DD"T"HH24:MI:SS'));
    v_fuso := coalesce(p_fuso, v_agendada.fuso);
    v_recorrencia := coalesce(p_recorrencia, v_agendada.recorrencia);
    v_ate := case when 'ate' = any (p_limpar) or v_recorrencia = 'NENHUMA' and p_ate is null then null else coalesce(p_ate, v_agendada.ate) end;
    v_enviar_em := case when v_muda then interno.agendada_instante(v_local, v_fuso, 'NENHUMA', 0) else v_agendada.enviar_em end;
    perform interno.agendada_prazo_conferir(v_enviar_em, v_recorrencia, v_ate, v_agora),
        interno.agendada_conteudo_conferir(p_cliente_id, v_agendada.contato_id, v_agendada.conexao_id,
            coalesce(p_tipo, v_agendada.tipo), coalesce(p_conteudo, v_agendada.conteudo));
    update public.mensagens_agendadas as a
    set tipo = coalesce(p_tipo, a.tipo), conteudo = coalesce(p_conteudo, a.conteudo),
        local_em = case when v_muda then to_char(v_local::timestamp, 'YYYY-MM-DD"T"HH24:MI:SS') else a.local_em end,
        fuso = v_fuso, enviar_em = v_enviar_em, recorrencia = v_recorrencia, ate = v_ate,
        serie_id = case when v_muda then v_nova_serie else a.serie_id end, numero = case when v_muda then 0 else a.numero end,
        cancelar_se_responder = coalesce(p_cancelar_se_responder, a.cancelar_se_responder)
    where a.cliente_id = p_cliente_id and a.id = p_id
    returning a.* into v_agendada;
    update public.fila as f set executar_em = v_enviar_em
    where f.cliente_id = p_cliente_id and f.tipo = 'agendada_disparar' and f.alvo_id = p_id;
    perform interno.auditar(p_cliente_id, 'agendada_atualizada', 'mensagens_agendadas', p_id),
        interno.avisar(p_cliente_id, 'agendada_mudou', p_id);
    return interno.agendada_json(v_agendada);
end
$$;
comment on function api.agendada_atualizar(uuid, text, uuid, integer, text, jsonb, text, text, boolean, text, timestamptz, text[]) is
'Muda um agendamento que ainda espera: nulo = fica como está; p_limpar nomeia o que fica vazio. Mudar a hora, o fuso ou a recorrência recomeça a série.
Erros: ZNV03 agendamento não encontrado; ZCV06 já não espera; ZCG02 versão antiga; ZRV40 a ZRV45 horário; 22023 campo que não pode ficar vazio; os de agendada_conteudo_conferir.
Efeitos: mensagens_agendadas, fila, auditoria, eventos.
Desde: 0.2.0';
