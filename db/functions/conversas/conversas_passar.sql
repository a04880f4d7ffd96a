/* pgmigrate-encoding: utf-8 */
create or replace function interno.conversas_passar(p_cliente_id uuid, p_de_id uuid, p_para_id uuid, p_motivo text) returns integer
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_conversa public.conversas;
    v_passadas integer := 0;
begin
    perform interno.atendente_conferir(p_cliente_id, p_para_id, null);
    for v_conversa in
        select v.* from public.conversas as v
        where v.cliente_id = p_cliente_id and v.usuario_id = p_de_id and v.status <> 'RESOLVIDA'
            and (v.equipe_id is null or exists (
                select from public.equipes_membros as m
                where m.cliente_id = p_cliente_id and m.equipe_id = v.equipe_id and m.usuario_id = p_para_id
            ))
        order by v.id
        for no key update of v
    loop
        v_conversa.usuario_id := p_para_id;
        perform interno.conversa_gravar(p_cliente_id, v_conversa, p_motivo);
        v_passadas := v_passadas + 1;
    end loop;
    return v_passadas;
end
$$;
comment on function interno.conversas_passar(uuid, uuid, uuid, text) is
'Passa a outra pessoa as conversas abertas de alguém, cada uma como está, menos as de equipes em que essa pessoa não está.
Erros: ZNI02 usuário não encontrado; ZRV64 pessoa desativada; ZRV66 pessoa que não responde.
Efeitos: conversas, conversas_historico.
Desde: 0.3.0';
