/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_reenviar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_motivos text[], p_codigos integer[] default null, p_status text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    -- the provider withheld it for the person's sake: not before a day has passed
    c_resguardo constant interval := interval '24 hours';
    v_ids uuid[];
    v_podem_em timestamptz;
    v_voltaram bigint;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:disparar');
    perform interno.campanha_travar(p_cliente_id, p_id, array['EM_ANDAMENTO', 'PAUSADA', 'CONCLUIDA']);
    if coalesce(cardinality(p_motivos), 0) = 0 then
        raise exception using errcode = 'ZRK11', column = 'motivos', message = 'diga que motivos reenviar';
    end if;
    -- a count that came back to zero stays: the reason is known, and nobody is left with it
    if not exists (
        select from public.campanhas_motivos as g
        where g.cliente_id = p_cliente_id and g.campanha_id = p_id and g.motivo = any (p_motivos)
            and (p_codigos is null or g.erro_codigo = any (p_codigos)) and (p_status is null or g.status = p_status)
    ) then
        raise exception using errcode = 'ZRK22', column = 'motivos',
            message = 'ninguém desta campanha ficou sem receber por este motivo';
    end if;
    select array_agg(l.id) filter (where not l.resguardado), min(l.atualizado_em) filter (where l.resguardado) + c_resguardo
    into v_ids, v_podem_em
    from (
        select o.id, o.atualizado_em, o.motivo = 'DEFER' and o.atualizado_em >= now() - c_resguardo as resguardado
        from public.campanhas_log as o
        where o.cliente_id = p_cliente_id and o.campanha_id = p_id and o.status in ('FALHOU', 'PULADO')
            and o.motivo = any (p_motivos) and not (o.status = 'FALHOU' and o.motivo in ('OPTOUT', 'NAO_CONFIRMADO'))
            and (p_codigos is null or coalesce(o.erro_codigo, 0) = any (p_codigos)) and (p_status is null or o.status = p_status)
    ) as l;
    -- evaluated again: who is blocked or opted out by now is skipped, whatever the reason was then
    select count(*) filter (where r.motivo is null) into v_voltaram
    from interno.campanha_repor(p_cliente_id, p_id, coalesce(v_ids, '{}')) as r;
    update public.fila_morta as d
    set resolvida_em = now(), resolucao = 'REENFILEIRADA', resolvida_por = interno.usuario_corrente(), resolucao_motivo = 'Campanha reenviada'
    from public.campanhas_log as l
    where d.cliente_id = p_cliente_id and d.resolvida_em is null and l.cliente_id = p_cliente_id and l.id = d.alvo_id
        and l.campanha_id = p_id and l.status = 'PENDENTE';
    if v_voltaram > 0 and exists (
        select from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_id and k.status <> 'PAUSADA'
    ) then
        perform interno.campanha_ativar(p_cliente_id, p_id);
    end if;
    perform interno.auditar(p_cliente_id, 'campanha_reenviada', 'campanhas', p_id, jsonb_build_object(
        'motivos', p_motivos, 'codigos', p_codigos, 'status', p_status, 'voltaram', v_voltaram
    ));
    return interno.campanha_json(p_cliente_id, p_id) || jsonb_build_object('voltaram', v_voltaram, 'podemEm', v_podem_em);
end
$$;
comment on function api.campanha_reenviar(uuid, text, uuid, text[], integer[], text) is
'Põe de novo na campanha quem falhou ou foi pulado pelos motivos dados; INCERTO nunca volta. As tentativas antigas ficam. p_codigos: só os destes códigos do provedor (0 = sem código); p_status: só FALHOU ou só PULADO. Devolve a campanha, quantos voltaram e, se alguém só pode voltar mais tarde, quando.
Erros: ZNK01; ZCK01; ZRK11 sem motivos; ZRK22 motivo que ninguém da campanha teve.
Efeitos: campanhas, campanhas_log, fila, fila_morta, auditoria, eventos.
Desde: 0.1.0';
