/* pgmigrate-encoding: utf-8 */
create or replace function interno.dono_vencer(p_cliente_id uuid, p_id uuid, p_agora timestamptz) returns void
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
        where f.cliente_id = p_cliente_id and f.tipo = 'dono_vencer' and f.alvo_id = p_id
            and exists (select from public.conversas as o where o.cliente_id = p_cliente_id and o.id = p_id);
    elsif v_conversa.dono_ate <= p_agora then
        update public.conversas as v set dono_id = null, dono_ate = null where v.cliente_id = p_cliente_id and v.id = p_id;
    end if;
end
$$;
comment on function interno.dono_vencer(uuid, uuid, timestamptz) is
'Põe na fila da equipe uma conversa por que quem a atendia não veio a tempo; se alguém mexe nela agora, tenta de novo em um segundo.
Erros: nenhum.
Efeitos: conversas, fila.
Desde: 0.3.0';
