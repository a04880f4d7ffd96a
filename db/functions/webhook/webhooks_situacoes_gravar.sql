/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhooks_situacoes_gravar(p_cliente_id uuid, p_lidos jsonb, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_ids uuid[] := interno.webhooks_ids(p_lidos, '$[*]');
begin
    update public.webhooks_recebidos as w
    set processado_em = p_agora, status = coalesce(l.situacao ->> 'status', 'PROCESSADO'), motivo = l.situacao ->> 'motivo',
        erro_texto = l.situacao ->> 'texto'
    from jsonb_to_recordset(p_lidos) as l (id uuid, situacao jsonb)
    where w.cliente_id = p_cliente_id and w.id = any (v_ids) and w.id = l.id;
end
$$;
comment on function interno.webhooks_situacoes_gravar(uuid, jsonb, timestamptz) is
'Diz em cada corpo lido o que foi feito dele: [{id, situacao: {status, motivo, texto} ou nulo = tudo aplicado}].
Erros: nenhum.
Efeitos: webhooks_recebidos.
Desde: 0.3.0';
