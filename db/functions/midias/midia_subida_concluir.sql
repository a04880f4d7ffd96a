/* pgmigrate-encoding: utf-8 */
create or replace function worker.midia_subida_concluir(p_cliente_id uuid, p_id uuid, p_id_externo text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_validade constant interval := '30 days';
    v_agora timestamptz := clock_timestamp();
begin
    perform interno.contexto_trabalho(p_cliente_id);
    update public.midias_provedor as v
    set status = 'DISPONIVEL', id_externo = p_id_externo, expira_em = v_agora + c_validade, motivo = null, erro_codigo = null,
        erro_texto = null, atualizado_em = v_agora
    where v.cliente_id = p_cliente_id and v.id = p_id and v.status = 'PENDENTE';
    return to_jsonb(found);
end
$$;
comment on function worker.midia_subida_concluir(uuid, uuid, text) is
'O provedor recebeu a mídia e a conhece por este id durante 30 dias. Devolve se ainda era esperado.
Erros: 42501 sem cliente; 23514 id malformado.
Efeitos: midias_provedor.
Desde: 0.2.0';
