/* pgmigrate-encoding: utf-8 */
create or replace function interno.oferta_fazer(
    p_cliente_id uuid, p_equipe_id uuid, p_conversa_id uuid, p_usuario_id uuid, p_segundos integer
) returns integer
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    c_guarda constant interval := '1 day';
    v_agora timestamptz := clock_timestamp();
    v_ate timestamptz := v_agora + make_interval(secs => p_segundos);
begin
    perform from public.conversas as v
    where v.cliente_id = p_cliente_id and v.id = p_conversa_id and v.equipe_id = p_equipe_id and v.dono_id is null
        and interno.conversa_na_fila(v)
    for no key update skip locked;
    if not found then
        return 0;
    end if;
    insert into public.ofertas (cliente_id, conversa_id, usuario_id, oferecida_em, expira_em)
    values (p_cliente_id, p_conversa_id, p_usuario_id, v_agora, v_ate)
    on conflict do nothing;
    if not found then
        return 0;
    end if;
    update public.usuarios as u set recebeu_em = v_agora where u.cliente_id = p_cliente_id and u.id = p_usuario_id;
    insert into public.fila (cliente_id, tipo, prioridade, executar_em, alvo_id)
    values (p_cliente_id, 'oferta_vencer', 3, v_ate, p_conversa_id)
    on conflict (cliente_id, tipo, alvo_id) do update set executar_em = excluded.executar_em;
    delete from public.ofertas as o
    where o.cliente_id = p_cliente_id and o.usuario_id = p_usuario_id and o.encerrada_em < v_agora - c_guarda and not o.atual;
    return 1;
end
$$;
comment on function interno.oferta_fazer(uuid, uuid, uuid, uuid, integer) is
'Oferece uma conversa da fila a uma pessoa, já travada, por p_segundos. Devolve 1, ou 0 se alguém mexe na conversa agora, ou ela já não espera ou já é oferecida.
Erros: nenhum.
Efeitos: ofertas, usuarios, fila (oferta_vencer).
Desde: 0.3.0';
