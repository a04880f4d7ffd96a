/* pgmigrate-encoding: utf-8 */
create or replace function interno.oferta_vencer(p_cliente_id uuid, p_id uuid, p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_oferta public.ofertas;
begin
    -- never waited for: whoever holds it may be about to wait for this very job
    perform from public.conversas as v where v.cliente_id = p_cliente_id and v.id = p_id for no key update skip locked;
    if found then
        select o.* into v_oferta from public.ofertas as o
        where o.cliente_id = p_cliente_id and o.conversa_id = p_id and o.fim is null and o.expira_em <= p_agora
        for no key update skip locked;
    end if;
    if v_oferta.id is not null then
        perform interno.ofertas_encerrar(p_cliente_id, array[v_oferta.id], 'VENCIDA');
        perform interno.oferta_pausar(p_cliente_id, v_oferta.usuario_id);
        return;
    end if;
    update public.fila as f set executar_em = p_agora + interval '1 second'
    where f.cliente_id = p_cliente_id and f.tipo = 'oferta_vencer' and f.alvo_id = p_id and exists (
        select from public.ofertas as o
        where o.cliente_id = p_cliente_id and o.conversa_id = p_id and o.fim is null and o.expira_em <= p_agora
    );
end
$$;
comment on function interno.oferta_vencer(uuid, uuid, timestamptz) is
'O tempo da oferta de uma conversa acabou sem resposta: ela passa à pessoa seguinte; se alguém mexe na conversa agora, tenta de novo em um segundo.
Erros: nenhum.
Efeitos: ofertas, usuarios, fila, eventos.
Desde: 0.3.0';
