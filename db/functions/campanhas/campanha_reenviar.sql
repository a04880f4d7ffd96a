/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_reenviar(p_cliente_id uuid, p_sessao text, p_id uuid, p_motivos text[]) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_voltam bigint;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:disparar');
    perform interno.campanha_travar(p_cliente_id, p_id, array['EM_ANDAMENTO', 'PAUSADA', 'CONCLUIDA']);
    if coalesce(cardinality(p_motivos), 0) = 0 then
        raise exception using errcode = 'ZRK11', column = 'motivos', message = 'diga que motivos reenviar';
    end if;
    -- evaluated again: who is blocked or opted out by now is skipped, whatever the reason was then
    perform interno.campanha_repor(p_cliente_id, p_id, array(
        select l.id from public.campanhas_log as l
        where l.cliente_id = p_cliente_id and l.campanha_id = p_id and l.status in ('FALHOU', 'PULADO')
            and l.motivo = any (p_motivos) and not (l.status = 'FALHOU' and l.motivo in ('OPTOUT', 'NAO_CONFIRMADO'))
            -- the provider withheld it for the person's sake: not before a day has passed
            and (l.motivo <> 'DEFER' or l.atualizado_em < now() - interval '24 hours')
    ));
    select coalesce(t.total, 0) into v_voltam
    from public.campanhas_totais as t
    where t.cliente_id = p_cliente_id and t.campanha_id = p_id and t.chave = 'PENDENTE';
    update public.fila_morta as d
    set resolvida_em = now(), resolucao = 'REENFILEIRADA', resolvida_por = interno.usuario_corrente(), resolucao_motivo = 'Campanha reenviada'
    from public.campanhas_log as l
    where d.cliente_id = p_cliente_id and d.resolvida_em is null and l.cliente_id = p_cliente_id and l.id = d.alvo_id
        and l.campanha_id = p_id and l.status = 'PENDENTE';
    if v_voltam > 0 and exists (
        select from public.campanhas as k where k.cliente_id = p_cliente_id and k.id = p_id and k.status <> 'PAUSADA'
    ) then
        perform interno.campanha_ativar(p_cliente_id, p_id);
    end if;
    perform interno.auditar(p_cliente_id, 'campanha_reenviada', 'campanhas', p_id, jsonb_build_object('motivos', p_motivos));
    return interno.campanha_json(p_cliente_id, p_id);
end
$$;
comment on function api.campanha_reenviar(uuid, text, uuid, text[]) is
'Põe de novo na campanha quem falhou ou foi pulado pelos motivos dados; INCERTO nunca volta. As tentativas antigas ficam.
Erros: ZNK01; ZCK01; ZRK11 sem motivos.
Efeitos: campanhas, campanhas_log, fila, fila_morta, auditoria, eventos.
Desde: 0.1.0';
