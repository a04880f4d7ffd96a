/* pgmigrate-encoding: utf-8 */
create or replace function api.midia_baixa_retomar(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_midia public.midias;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_midia := interno.midia_ler(p_cliente_id, p_id);
    if v_midia.status = 'PENDENTE' or v_midia.status = 'DISPONIVEL' then
        return interno.midia_json(v_midia);
    elsif v_midia.expira_em <= v_agora or v_midia.status = 'EXPIRADA' then
        raise exception using errcode = 'ZRD07', message = 'o provedor já não guarda este arquivo';
    end if;
    update public.midias as m
    set status = 'PENDENTE', motivo = null, erro_texto = null, tentativas = 0, atualizado_em = v_agora
    where m.cliente_id = p_cliente_id and m.id = p_id and m.status = 'FALHOU'
    returning m.* into v_midia;
    insert into public.fila (cliente_id, tipo, conexao_id, prioridade, executar_em, alvo_id)
    values (p_cliente_id, 'midia_baixar', v_midia.conexao_id, 1, v_agora, p_id)
    on conflict (cliente_id, tipo, alvo_id) do nothing;
    perform interno.auditar(p_cliente_id, 'midia_baixa_retomada', 'midias', p_id);
    return interno.midia_json(interno.midia_ler(p_cliente_id, p_id));
end
$$;
comment on function api.midia_baixa_retomar(uuid, text, uuid) is
'Manda baixar de novo uma mídia recebida que falhou, enquanto o provedor a guarda.
Erros: ZND01 mídia não encontrada; ZRD07 fora da retenção do provedor.
Efeitos: midias, fila, auditoria.
Desde: 0.2.0';
