/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_acordar(p_cliente_id uuid, p_id uuid, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conversa public.conversas;
begin
    -- never waited for: whoever holds it may be about to wait for this very job
    select v.* into v_conversa
    from public.conversas as v where v.cliente_id = p_cliente_id and v.id = p_id for no key update skip locked;
    if not found then
        update public.fila as f set executar_em = p_agora + interval '1 second'
        where f.cliente_id = p_cliente_id and f.tipo = 'conversa_acordar' and f.alvo_id = p_id
            and exists (select from public.conversas as o where o.cliente_id = p_cliente_id and o.id = p_id);
    elsif v_conversa.status = 'ADIADA' and v_conversa.adiada_ate <= p_agora then
        v_conversa.status := case when v_conversa.usuario_id is null then 'ABERTA' else 'EM_ATENDIMENTO' end;
        perform interno.conversa_gravar(p_cliente_id, v_conversa);
    end if;
end
$$;
comment on function interno.conversa_acordar(uuid, uuid, timestamptz) is
'Traz de volta uma conversa adiada cuja hora chegou, a quem a atende ou à fila; se alguém mexe nela agora, tenta de novo em um segundo.
Erros: nenhum.
Efeitos: conversas, conversas_historico, fila.
Desde: 0.3.0';
