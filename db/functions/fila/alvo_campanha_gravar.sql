/* pgmigrate-encoding: utf-8 */
create or replace function interno.alvo_campanha_gravar(p_cliente_id uuid, p_mudancas jsonb, p_agora timestamptz) returns uuid[]
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    -- an array: what is read out of jsonb may not, under RLS, be an index condition
    v_alvos uuid[] := array(
        select (m.value ->> 'alvo_id')::uuid from jsonb_array_elements(p_mudancas) as m where m.value ->> 'alvo_tipo' = 'CAMPANHA'
    );
    v_mudados uuid[];
    v_pendentes boolean;
begin
    if cardinality(v_alvos) = 0 then
        return '{}';
    end if;
    with gravados as (
        update public.campanhas_log as l
        set status = m.status, motivo = m.motivo, erro_codigo = m.erro_codigo, erro_texto = m.erro_texto,
            tentativas = m.tentativas, tentativa_id = m.tentativa_id, id_externo = m.id_externo,
            enviado_em = m.enviado_em, entregue_em = m.entregue_em, lido_em = m.lido_em, atualizado_em = p_agora
        from jsonb_to_recordset(p_mudancas) as m (
            alvo_id uuid, status text, motivo text, erro_codigo integer, erro_texto text, tentativas smallint,
            tentativa_id uuid, id_externo text, enviado_em timestamptz, entregue_em timestamptz, lido_em timestamptz
        )
        where l.cliente_id = p_cliente_id and l.id = any (v_alvos) and l.id = m.alvo_id
            and (
                l.status, l.motivo, l.erro_codigo, l.erro_texto, l.tentativas, l.tentativa_id, l.id_externo,
                l.enviado_em, l.entregue_em, l.lido_em
            ) is distinct from (
                m.status, m.motivo, m.erro_codigo, m.erro_texto, m.tentativas, m.tentativa_id, m.id_externo,
                m.enviado_em, m.entregue_em, m.lido_em
            )
        returning l.id, l.status
    )
    select coalesce(array_agg(g.id), '{}'), bool_or(g.status = 'PENDENTE') into v_mudados, v_pendentes from gravados as g;
    -- nobody feeds a cancelled campaign any more
    if v_pendentes then
        update public.campanhas_log as l set status = 'PULADO', motivo = 'CAMPANHA_CANCELADA', atualizado_em = p_agora
        from public.campanhas as k
        where l.cliente_id = p_cliente_id and l.id = any (v_mudados) and l.status = 'PENDENTE'
            and k.cliente_id = p_cliente_id and k.id = l.campanha_id and k.status = 'CANCELADA';
    end if;
    return v_mudados;
end
$$;
comment on function interno.alvo_campanha_gravar(uuid, jsonb, timestamptz) is
'Grava o novo estado de envio de destinatários de campanhas e devolve os que mudaram; uma repetição não muda nada, nem a hora.
Erros: 23514 transição que não existe.
Efeitos: campanhas_log, campanhas_totais.
Desde: 0.2.0';
