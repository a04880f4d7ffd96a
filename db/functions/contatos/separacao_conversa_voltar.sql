/* pgmigrate-encoding: utf-8 */
create or replace function interno.separacao_conversa_voltar(
    p_cliente_id uuid, p_fusao public.contatos_fusoes, p_id uuid, p_antes jsonb, p_depois jsonb
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conversa public.conversas;
    v_depois public.conversas;
begin
    select v.* into v_conversa from public.conversas as v where v.cliente_id = p_cliente_id and v.id = p_id;
    v_depois := jsonb_populate_record(v_conversa, interno.fusao_desfeita(to_jsonb(v_conversa), p_antes, p_depois));
    if v_depois.status <> 'RESOLVIDA' and exists (
        select from public.conversas as v
        where v.cliente_id = p_cliente_id and v.conexao_id = v_conversa.conexao_id and v.contato_id = v_conversa.contato_id
            and v.status <> 'RESOLVIDA' and v.id <> p_id
    ) then
        v_depois.status := 'RESOLVIDA';
        v_depois.resolvida_em := coalesce(v_depois.resolvida_em, v_conversa.resolvida_em);
        v_depois.motivo_id := coalesce(v_depois.motivo_id, v_conversa.motivo_id);
    end if;
    update public.conversas as v
    set fundida_em_id = v_depois.fundida_em_id, status = v_depois.status, usuario_id = v_depois.usuario_id, equipe_id = v_depois.equipe_id,
        controle = v_depois.controle, prioridade = v_depois.prioridade, fila_em = v_depois.fila_em, atribuida_em = v_depois.atribuida_em,
        adiada_ate = v_depois.adiada_ate, resolvida_em = v_depois.resolvida_em, motivo_id = v_depois.motivo_id, nao_lidas = v_depois.nao_lidas,
        espera_desde = v_depois.espera_desde, respondida_ate = v_depois.respondida_ate, ultima_mensagem_id = v_depois.ultima_mensagem_id,
        ultima_mensagem_em = v_depois.ultima_mensagem_em, ultima_entrada_em = v_depois.ultima_entrada_em,
        janela_expira_em = v_depois.janela_expira_em, ordem_ultima = greatest(v_depois.ordem_ultima, (
            select coalesce(max(m.ordem), 0) from public.mensagens as m where m.cliente_id = p_cliente_id and m.conversa_id = p_id
        ))
    where v.cliente_id = p_cliente_id and v.id = p_id;
    -- alone: coming back from RESOLVIDA, the wait would count from now
    update public.conversas as v set fila_em = v_depois.fila_em
    where v.cliente_id = p_cliente_id and v.id = p_id and v.usuario_id is null and v_depois.fila_em is not null;
    if v_depois.status = 'ADIADA' then
        insert into public.fila (cliente_id, tipo, prioridade, executar_em, alvo_id)
        values (p_cliente_id, 'conversa_acordar', 3, v_depois.adiada_ate, p_id)
        on conflict (cliente_id, tipo, alvo_id) do update set executar_em = excluded.executar_em;
    end if;
    if exists (
        select from public.mensagens as m where m.cliente_id = p_cliente_id and m.conversa_id = p_id and m.id > p_fusao.id
    ) then
        perform interno.conversa_resumir(p_cliente_id, p_id);
    end if;
end
$$;
comment on function interno.separacao_conversa_voltar(uuid, public.contatos_fusoes, uuid, jsonb, jsonb) is
'Devolve uma conversa ao que era antes da fusão; com mensagens que chegaram depois dela, o resumo é refeito.
Erros: nenhum.
Efeitos: conversas, fila (conversa_acordar).
Desde: 0.3.0';
