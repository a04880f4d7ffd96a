/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_desfazer(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_prazo constant interval := '10 minutes';
    v_agora timestamptz := clock_timestamp();
    v_conversa public.conversas;
    r_ultima record;
    v_status text;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_conversa := interno.conversa_travar(p_cliente_id, p_id, p_versao);
    select h.usuario_id, h.ocorrido_em, h.dados -> 'de' as de into r_ultima
    from public.conversas_historico as h
    where h.cliente_id = p_cliente_id and h.conversa_id = p_id
        and h.tipo in ('RESOLVIDA', 'REABERTA', 'ADIADA', 'RETOMADA', 'AGUARDANDO', 'ASSUMIDA', 'ATRIBUIDA', 'TRANSFERIDA', 'LIBERADA')
    order by h.ocorrido_em desc, h.id desc
    limit 1;
    if not found or r_ultima.usuario_id is distinct from interno.usuario_corrente() or r_ultima.ocorrido_em < v_agora - c_prazo
        or (r_ultima.de ->> 'adiadaAte')::timestamptz <= v_agora then
        raise exception using errcode = 'ZCV24', message = 'não há o que desfazer';
    end if;
    v_status := coalesce(r_ultima.de ->> 'status', v_conversa.status);
    if r_ultima.de ? 'usuarioId' then
        v_conversa.usuario_id := (r_ultima.de ->> 'usuarioId')::uuid;
    end if;
    if r_ultima.de ? 'equipeId' then
        v_conversa.equipe_id := (r_ultima.de ->> 'equipeId')::uuid;
    end if;
    perform interno.atendente_conferir(p_cliente_id, v_conversa.usuario_id, v_conversa.equipe_id)
    where r_ultima.de ?| array['usuarioId', 'equipeId'];
    if v_status <> v_conversa.status and not exists (
        select from public.transicoes as t where t.maquina = 'conversas' and t.de = v_conversa.status and t.para = v_status
    ) then
        -- back the way it came
        v_conversa.status := case when v_conversa.usuario_id is null then 'ABERTA' else 'EM_ATENDIMENTO' end;
        v_conversa := interno.conversa_gravar(p_cliente_id, v_conversa, 'Desfeito');
    end if;
    v_conversa.status := v_status;
    v_conversa.adiada_ate := coalesce((r_ultima.de ->> 'adiadaAte')::timestamptz, v_conversa.adiada_ate);
    v_conversa.motivo_id := (r_ultima.de ->> 'motivoId')::uuid;
    v_conversa := interno.conversa_gravar(p_cliente_id, v_conversa, 'Desfeito');
    return interno.conversa_json(v_conversa);
end
$$;
comment on function api.conversa_desfazer(uuid, text, uuid, integer) is
'Desfaz a última mudança de estado, dono ou equipe de uma conversa, se foi de quem pede e há menos de 10 minutos: estado e dono voltam a ser os de antes.
Erros: ZNV01 conversa não encontrada; ZCV24 nada a desfazer; ZCV01 a pessoa já tem outra aberta neste número; ZCG02 versão antiga; os de atendente_conferir.
Efeitos: conversas, conversas_historico; fila (conversa_acordar).
Desde: 0.3.0';
