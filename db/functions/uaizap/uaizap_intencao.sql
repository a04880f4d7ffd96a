/* pgmigrate-encoding: utf-8 */
create or replace function interno.uaizap_intencao(p_cliente_id uuid, p_conexao_id uuid, p_dono text, p_itens jsonb, p_agora timestamptz)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_instancia public.conexoes_instancias;
    v_itens uuid[] := array(select (i.value ->> 'id')::uuid from jsonb_array_elements(p_itens) as i);
    v_novas integer := 0;
    v_restam integer := 0;
    r_item record;
begin
    select i.* into v_instancia
    from public.conexoes_instancias as i
    where i.cliente_id = p_cliente_id and i.conexao_id = p_conexao_id
    for update;
    if not found then
        return;
    end if;
    if v_instancia.novas_dia is distinct from (p_agora at time zone 'America/Sao_Paulo')::date then
        v_instancia.novas_dia := (p_agora at time zone 'America/Sao_Paulo')::date;
        v_instancia.novas_total := 0;
    end if;
    for r_item in
        select f.id, f.alvo_id, c.nova, c.nova and (
                v_instancia.novas_suspensas_ate > p_agora
                or (f.prioridade > 1 and v_instancia.novas_total >= interno.uaizap_novas_teto(v_instancia, p_agora))
            ) as espera
        from public.fila as f
        cross join lateral (select interno.uaizap_conversa_nova(p_cliente_id, p_conexao_id, f.tipo, f.alvo_id) as nova) as c
        where f.cliente_id = p_cliente_id and f.id = any (v_itens) and f.reservado_por = p_dono and f.intencao_em is null
        order by f.id
    loop
        if r_item.espera then
            perform interno.uaizap_adiar(p_cliente_id, r_item.id, least(
                p_agora + interval '10 minutes', greatest(v_instancia.novas_suspensas_ate, p_agora + interval '1 minute')
            ));
        else
            v_restam := v_restam + 1;
            v_novas := v_novas + r_item.nova::integer;
        end if;
    end loop;
    if v_restam > 0 then
        perform interno.uaizap_andar(v_instancia, v_novas::smallint, p_agora);
    end if;
end
$$;
comment on function interno.uaizap_intencao(uuid, uuid, text, jsonb, timestamptz) is
'Antes da intenção de um envio por aparelho: adia quem ainda não escreveu, se o WhatsApp não deixa começar conversas ou se o dia já teve as suas; marca quando sai o próximo. Nada faz por um número que não é de aparelho.
Erros: nenhum.
Efeitos: fila, conexoes_instancias.
Desde: 0.2.0';
