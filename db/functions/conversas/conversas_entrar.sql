/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_entrar(p_cliente_id uuid, p_conversas uuid[], p_agora timestamptz) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conversa public.conversas;
    v_dono_id uuid;
begin
    for v_conversa in
        select v.* from public.conversas as v
        join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = v.conexao_id
        where v.cliente_id = p_cliente_id and v.id = any (p_conversas) and v.status = 'ABERTA'
            and (v.usuario_id is not null or x.dono_minutos > 0)
        order by v.id
        for no key update of v
    loop
        v_dono_id := coalesce(v_conversa.usuario_id, (
            select o.usuario_id from public.conversas as o
            where o.cliente_id = p_cliente_id and o.contato_id = v_conversa.contato_id and o.conexao_id = v_conversa.conexao_id
                and o.id <> v_conversa.id
            order by o.ultima_mensagem_em desc
            limit 1
        ));
        if v_conversa.usuario_id is not null then
            v_conversa.usuario_id := null;
            v_conversa := interno.conversa_gravar(p_cliente_id, v_conversa);
        end if;
        perform interno.conversa_esperar_dono(p_cliente_id, v_conversa, v_dono_id, p_agora);
    end loop;
end
$$;
comment on function interno.conversas_entrar(uuid, uuid[], timestamptz) is
'Decide a quem vão as conversas que a pessoa acaba de abrir ou reabrir, ABERTAS e travadas por quem chama; a reaberta ainda traz quem a atendeu por último, e a nova espera por quem atendeu a anterior da mesma pessoa e número. Vão à fila da equipe de cada uma, e antes disso, se o número o diz, esperam por essa pessoa.
Erros: nenhum.
Efeitos: conversas, conversas_historico; fila (dono_vencer).
Desde: 0.3.0';
