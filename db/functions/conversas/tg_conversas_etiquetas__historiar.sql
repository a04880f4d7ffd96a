/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_conversas_etiquetas__historiar() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_linha public.conversas_etiquetas := case tg_op when 'INSERT' then new else old end;
begin
    -- what goes because the tag or the conversation goes is not something that happened to the conversation
    insert into public.conversas_historico (cliente_id, conversa_id, tipo, usuario_id, dados, ocorrido_em)
    select v_linha.cliente_id, v_linha.conversa_id, case tg_op when 'INSERT' then 'ETIQUETA_POSTA' else 'ETIQUETA_TIRADA' end,
        interno.usuario_corrente(), jsonb_build_object('etiquetaId', e.id, 'etiqueta', e.nome), v_agora
    from public.etiquetas as e
    join public.conversas as v on v.cliente_id = v_linha.cliente_id and v.id = v_linha.conversa_id
    where e.cliente_id = v_linha.cliente_id and e.id = v_linha.etiqueta_id;
    return null;
end
$$;
comment on function interno.tg_conversas_etiquetas__historiar() is
'Escreve no histórico que uma etiqueta foi posta numa conversa, ou tirada dela.
Erros: nenhum.
Efeitos: conversas_historico.
Desde: 0.3.0';
