/* pgmigrate-encoding: utf-8 */
create or replace function interno.trabalhos_executar(p_cliente_id uuid, p_ids uuid[], p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_trabalho record;
    v_webhooks uuid[] := array(
        select f.alvo_id from public.fila as f
        where f.cliente_id = p_cliente_id and f.id = any (p_ids) and f.tipo = 'webhook_processar'
    );
begin
    -- before the feeders, which hold the totals of their campaigns until the end
    if cardinality(v_webhooks) > 0 then
        perform interno.webhooks_processar(p_cliente_id, v_webhooks);
    end if;
    for r_trabalho in
        select f.id, f.tipo, f.alvo_id from public.fila as f
        where f.cliente_id = p_cliente_id and f.id = any (p_ids) and f.tipo <> 'webhook_processar'
        -- what gives or offers comes last: an offer counts from when it is made and is seen when all of this is done
        order by f.tipo in ('conversa_distribuir', 'atendente_distribuir'), f.executar_em, f.id
    loop
        if r_trabalho.tipo = 'campanha_alimentar' and interno.campanha_alimentar(p_cliente_id, r_trabalho.alvo_id) then
            -- a feeder that asked for a longer sleep keeps it
            update public.fila as f set executar_em = greatest(f.executar_em, p_agora + interval '300 milliseconds'), tentativas = 0
            where f.cliente_id = p_cliente_id and f.id = r_trabalho.id;
        elsif r_trabalho.tipo = 'contatos_importar' and interno.importacao_seguir(p_cliente_id, r_trabalho.alvo_id, p_agora) then
            update public.fila as f set executar_em = p_agora + interval '1 millisecond', tentativas = 0
            where f.cliente_id = p_cliente_id and f.id = r_trabalho.id;
        elsif r_trabalho.tipo = 'campanha_iniciar' then
            perform interno.campanha_agendada_iniciar(p_cliente_id, r_trabalho.alvo_id);
        elsif r_trabalho.tipo = 'agendada_disparar' then
            perform interno.agendada_disparar(p_cliente_id, r_trabalho.alvo_id, p_agora);
        elsif r_trabalho.tipo = 'conversa_acordar' then
            perform interno.conversa_acordar(p_cliente_id, r_trabalho.alvo_id, p_agora);
        elsif r_trabalho.tipo = 'dono_vencer' then
            perform interno.dono_vencer(p_cliente_id, r_trabalho.alvo_id, p_agora);
        elsif r_trabalho.tipo = 'oferta_vencer' then
            perform interno.oferta_vencer(p_cliente_id, r_trabalho.alvo_id, p_agora);
        elsif r_trabalho.tipo = 'conversa_distribuir' then
            perform interno.conversa_distribuir(p_cliente_id, r_trabalho.alvo_id, p_agora);
        elsif r_trabalho.tipo = 'atendente_distribuir' then
            perform interno.atendente_distribuir(p_cliente_id, r_trabalho.alvo_id, p_agora);
        end if;
    end loop;
    delete from public.fila as f
    where f.cliente_id = p_cliente_id and f.id = any (p_ids) and f.executar_em <= p_agora;
end
$$;
comment on function interno.trabalhos_executar(uuid, uuid[], timestamptz) is
'Faz os trabalhos internos dados, já travados por quem chama, e os tira da fila; o que alimenta uma campanha, ou uma importação com lotes por entrar, fica, para daqui a pouco.
Erros: os do trabalho.
Efeitos: os do trabalho; fila.
Desde: 0.1.0';
