/* pgmigrate-encoding: utf-8 */
create or replace function api.incerto_decidir(
    p_cliente_id uuid, p_sessao text, p_alvo_tipo text, p_id uuid, p_decisao text, p_motivo text, p_confirmar boolean default false
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_motivo text;
    v_recusados jsonb;
    r_incerto record;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'entregas:revisar');
    v_motivo := interno.decisao_conferir(p_decisao, p_motivo, p_confirmar);
    if not interno.envio_visivel(p_cliente_id, p_alvo_tipo, p_id) then
        raise exception using errcode = 'ZNF02', message = 'envio não encontrado';
    end if;
    select i.id, i.vencido into r_incerto
    from interno.incertos_ler(p_cliente_id, clock_timestamp(), p_alvo_tipo, null, null, false, null, p_id, null, 1) as i;
    if r_incerto.id is null then
        v_recusados := jsonb_build_object(p_id, 'JA_DECIDIDO');
    elsif not r_incerto.vencido and not coalesce(p_confirmar, false) then
        v_recusados := jsonb_build_object(p_id, 'CEDO');
    else
        v_recusados := interno.incertos_resolver(p_cliente_id, p_alvo_tipo, array[p_id], p_decisao, v_motivo);
    end if;
    if v_recusados ? p_id::text then
        raise exception using errcode = 'ZCF01', detail = v_recusados ->> p_id::text,
            message = format('nada a fazer: %s', interno.fila_recusa_texto(v_recusados ->> p_id::text));
    end if;
    perform interno.auditar(
        p_cliente_id, 'incerto_decidido', case p_alvo_tipo when 'CAMPANHA' then 'campanhas_log' else 'mensagens' end, p_id,
        jsonb_build_object('decisao', p_decisao, 'motivo', v_motivo)
    );
    return jsonb_build_object('id', p_id, 'alvoTipo', p_alvo_tipo, 'decisao', p_decisao, 'status', interno.envio_status(p_cliente_id, p_id));
end
$$;
comment on function api.incerto_decidir(uuid, text, text, uuid, text, text, boolean) is
'Uma pessoa decide sobre um envio sem confirmação (alvo CAMPANHA ou MENSAGEM). p_confirmar: exigido para reenviar, que pode entregar duas vezes, e para decidir antes do prazo. Uma prova que chegue depois vale mais que a decisão.
Erros: ZNF02; ZRF01 motivo; ZRF03 reenvio sem confirmação; ZCF01 já decidido, cedo demais ou impossível reenviar; 22023.
Efeitos: entregas_decisoes, campanhas, campanhas_log, conversas, mensagens, fila, auditoria, eventos.
Desde: 0.2.0';
