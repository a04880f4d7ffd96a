/* pgmigrate-encoding: utf-8 */
create or replace function interno.fila_distribuir(p_cliente_id uuid, p_equipe_id uuid, p_agora timestamptz) returns integer
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_equipe public.equipes;
    v_usuario_id uuid;
    v_conversa public.conversas;
    v_dadas integer := 0;
begin
    select e.* into v_equipe from public.equipes as e
    where e.cliente_id = p_cliente_id and e.id = p_equipe_id and e.ativo and e.distribuicao = 'AUTOMATICA';
    if not found or not interno.expediente_aberto(p_cliente_id, v_equipe.calendario_id, p_agora) then
        return 0;
    elsif v_equipe.oferta_segundos > 0 then
        return interno.fila_oferecer(p_cliente_id, p_equipe_id, v_equipe.oferta_segundos, p_agora);
    end if;
    loop
        select u.id into v_usuario_id
        from interno.equipe_livres(p_cliente_id, p_equipe_id) as l
        join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = l.usuario_id
        order by l.atende, l.recebeu_em nulls first, l.usuario_id
        limit 1
        for no key update of u skip locked;
        exit when not found;
        -- counted before the lock: whoever held it may have given the last slot away
        continue when not exists (select from interno.equipe_livres(p_cliente_id, p_equipe_id) as l where l.usuario_id = v_usuario_id);
        v_conversa := interno.fila_pegar(p_cliente_id, v_usuario_id, array[p_equipe_id], false);
        exit when v_conversa.id is null;
        perform interno.atendimento_dar(p_cliente_id, v_conversa, v_usuario_id);
        v_dadas := v_dadas + 1;
    end loop;
    return v_dadas;
end
$$;
comment on function interno.fila_distribuir(uuid, uuid, timestamptz) is
'Dá o que espera na fila de uma equipe AUTOMATICA e aberta, conversa a conversa, a quem está disponível e atende menos; entre iguais, a quem não recebe há mais tempo. Se a equipe oferece antes de dar, oferece (fila_oferecer). Devolve quantas deu ou ofereceu.
Erros: os de conversa_dar.
Efeitos: usuarios, conversas, conversas_historico, ofertas, fila.
Desde: 0.3.0';
