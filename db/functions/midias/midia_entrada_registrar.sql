/* pgmigrate-encoding: utf-8 */
create or replace function interno.midia_entrada_registrar(p_cliente_id uuid, p_conexao_id uuid, p_mensagem_id uuid, p_midia jsonb)
returns uuid
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_id uuid;
    v_provedor text;
    r_mensagem record;
    v_id_externo text := coalesce(interno.jsonb_nome(p_midia -> 'id', 300), interno.jsonb_nome(p_midia -> 'messageid', 300));
    v_mime text := interno.midia_mime(coalesce(
        interno.jsonb_texto(p_midia -> 'mime', 300), interno.jsonb_texto(p_midia -> 'mime_type', 300), interno.jsonb_texto(p_midia -> 'mimetype', 300)
    ));
    v_expira_em timestamptz;
begin
    if v_id_externo is null then
        return null;
    end if;
    select x.provedor into v_provedor from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = p_conexao_id;
    select m.tipo, m.ocorrido_em into r_mensagem
    from public.mensagens as m where m.cliente_id = p_cliente_id and m.id = p_mensagem_id;
    v_expira_em := least(r_mensagem.ocorrido_em, v_agora) + case v_provedor when 'UAIZAP' then interval '2 days' else interval '7 days' end;
    insert into public.midias (
        cliente_id, origem, tipo, status, motivo, erro_texto, mime, nome, conexao_id, id_externo, sha256_informado, expira_em
    ) values (
        p_cliente_id, 'RECEBIDA', interno.midia_tipo(r_mensagem.tipo, v_mime),
        case when v_expira_em > v_agora then 'PENDENTE' else 'EXPIRADA' end,
        case when v_expira_em <= v_agora then 'RETENCAO' end,
        case when v_expira_em <= v_agora then interno.midia_motivo('RETENCAO') end,
        v_mime, interno.midia_nome(coalesce(
            interno.jsonb_texto(p_midia -> 'nome', 4096), interno.jsonb_texto(p_midia -> 'filename', 4096),
            interno.jsonb_texto(p_midia -> 'fileName', 4096)
        )), p_conexao_id, v_id_externo, interno.jsonb_texto(p_midia -> 'sha256', 100), v_expira_em
    )
    on conflict (cliente_id, conexao_id, id_externo) do nothing
    returning id into v_id;
    if v_id is null then
        select m.id into v_id
        from public.midias as m
        where m.cliente_id = p_cliente_id and m.conexao_id = p_conexao_id and m.id_externo = v_id_externo;
    elsif v_expira_em > v_agora then
        insert into public.fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id)
        values (p_cliente_id, 'midia_baixar', p_conexao_id, 3, v_agora, v_id)
        on conflict (cliente_id, tipo, alvo_id) do nothing;
    end if;
    update public.mensagens as m set conteudo = m.conteudo || jsonb_build_object('midiaId', v_id)
    where m.cliente_id = p_cliente_id and m.id = p_mensagem_id and m.midia_id is distinct from v_id;
    return v_id;
end
$$;
comment on function interno.midia_entrada_registrar(uuid, uuid, uuid, jsonb) is
'Registra a mídia de uma mensagem recebida (já gravada), {id, mime, sha256?, nome?} (ou as chaves de cada provedor: mime_type, filename, messageid, mimetype, fileName), e manda baixá-la enquanto o provedor a guarda. A mensagem passa a citá-la em conteudo.midiaId. Devolve o id, ou nulo quando não há o que baixar. Repetir não muda nada.
Erros: nenhum.
Efeitos: midias, mensagens; fila (midia_baixar).
Desde: 0.2.0';
