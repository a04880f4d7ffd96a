/* pgmigrate-encoding: utf-8 */
create or replace function interno.fila_distribuir(p_cliente_id uuid, p_equipe_id uuid, p_agora timestamptz) returns integer
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_calendario_id uuid;
    v_usuario_id uuid;
    v_capacidade integer;
    v_conversa public.conversas;
    v_dadas integer := 0;
begin
    select e.calendario_id into v_calendario_id from public.equipes as e
    where e.cliente_id = p_cliente_id and e.id = p_equipe_id and e.ativo and e.distribuicao = 'AUTOMATICA';
    if not found or not interno.expediente_aberto(p_cliente_id, v_calendario_id, p_agora) then
        return 0;
    end if;
    loop
        select u.id, u.capacidade into v_usuario_id, v_capacidade
        from public.equipes_membros as m
        join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = m.usuario_id and u.ativo and u.disponibilidade = 'DISPONIVEL'
        cross join lateral (
            select count(*) as atende from public.conversas as v
            where v.cliente_id = p_cliente_id and v.usuario_id = u.id and v.status = 'EM_ATENDIMENTO'
        ) as c
        where m.cliente_id = p_cliente_id and m.equipe_id = p_equipe_id and c.atende < u.capacidade
            and interno.usuario_pode(p_cliente_id, u.id, 'conversas:responder')
        order by c.atende, u.recebeu_em nulls first, u.id
        limit 1
        for no key update of u skip locked;
        exit when not found;
        -- counted before the lock: whoever held it may have given the last slot away
        continue when (
            select count(*) from public.conversas as v
            where v.cliente_id = p_cliente_id and v.usuario_id = v_usuario_id and v.status = 'EM_ATENDIMENTO'
        ) >= v_capacidade;
        v_conversa := interno.fila_pegar(p_cliente_id, v_usuario_id, array[p_equipe_id], false);
        exit when v_conversa.id is null;
        perform interno.atendimento_dar(p_cliente_id, v_conversa, v_usuario_id);
        v_dadas := v_dadas + 1;
    end loop;
    return v_dadas;
end
$$;
comment on function interno.fila_distribuir(uuid, uuid, timestamptz) is
'Dá o que espera na fila de uma equipe AUTOMATICA e aberta, conversa a conversa, a quem está disponível e atende menos; entre iguais, a quem não recebe há mais tempo. Devolve quantas deu.
Erros: os de conversa_dar.
Efeitos: usuarios, conversas, conversas_historico.
Desde: 0.3.0';
