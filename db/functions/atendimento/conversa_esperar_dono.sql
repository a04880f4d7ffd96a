/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversa_esperar_dono(p_cliente_id uuid, p_conversa public.conversas, p_usuario_id uuid, p_agora timestamptz)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_minutos integer;
    v_calendario_id uuid;
    v_ate timestamptz;
begin
    select x.dono_minutos into v_minutos from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = p_conversa.conexao_id;
    if v_minutos = 0 or not exists (
        select from public.usuarios as u
        where u.cliente_id = p_cliente_id and u.id = p_usuario_id and u.ativo and u.disponibilidade <> 'AUSENTE'
    ) or (p_conversa.equipe_id is not null and not exists (
        select from public.equipes_membros as m
        where m.cliente_id = p_cliente_id and m.equipe_id = p_conversa.equipe_id and m.usuario_id = p_usuario_id
    )) then
        return;
    end if;
    select e.calendario_id into v_calendario_id from public.equipes as e where e.cliente_id = p_cliente_id and e.id = p_conversa.equipe_id;
    v_ate := interno.expediente_somar(p_cliente_id, v_calendario_id, p_agora, v_minutos * interval '1 minute');
    update public.conversas as v set dono_id = p_usuario_id, dono_ate = v_ate where v.cliente_id = p_cliente_id and v.id = p_conversa.id;
    insert into public.fila (cliente_id, tipo, prioridade, executar_em, alvo_id)
    values (p_cliente_id, 'dono_vencer', 3, v_ate, p_conversa.id)
    on conflict (cliente_id, tipo, alvo_id) do update set executar_em = excluded.executar_em;
end
$$;
comment on function interno.conversa_esperar_dono(uuid, public.conversas, uuid, timestamptz) is
'Faz uma conversa que voltou esperar por quem a atendeu, pelo tempo aberto que o número diz (conexoes.dono_minutos), se essa pessoa ainda pode recebê-la.
Erros: nenhum.
Efeitos: conversas; fila (dono_vencer).
Desde: 0.3.0';
