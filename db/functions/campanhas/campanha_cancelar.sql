/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_cancelar(p_cliente_id uuid, p_sessao text, p_id uuid, p_nome text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:disparar');
    if interno.campanha_travar(
        p_cliente_id, p_id, array['RASCUNHO', 'AGENDADA', 'EM_ANDAMENTO', 'PAUSADA', 'CANCELADA']
    ) <> 'CANCELADA' then
        if p_nome is not null then
            perform interno.campanha_nome_conferir(p_cliente_id, p_id, p_nome);
        end if;
        update public.campanhas as k set status = 'CANCELADA', status_motivo = 'Cancelada por uma pessoa'
        where k.cliente_id = p_cliente_id and k.id = p_id;
        perform interno.campanha_recolher(p_cliente_id, p_id, 'PULADO', 'CAMPANHA_CANCELADA');
        if interno.campanha_pular(p_cliente_id, p_id, 5000) then
            insert into public.fila (cliente_id, tipo, prioridade, executar_em, alvo_id)
            values (p_cliente_id, 'campanha_alimentar', 5, now(), p_id)
            on conflict (cliente_id, tipo, alvo_id) do nothing;
        end if;
        perform interno.auditar(p_cliente_id, 'campanha_cancelada', 'campanhas', p_id);
    end if;
    return interno.campanha_json(p_cliente_id, p_id);
end
$$;
comment on function api.campanha_cancelar(uuid, text, uuid, text) is
'Cancela a campanha: nada mais sai, e quem ainda não recebeu é pulado com motivo CAMPANHA_CANCELADA (de um público grande, aos poucos, pela fila). Com p_nome, só se ele for o dela: quem cancela à mão o escreve.
Erros: ZNK01; ZCK01; ZRK17 o nome não é o dela.
Efeitos: campanhas, campanhas_log, fila, auditoria, eventos.
Desde: 0.1.0';
