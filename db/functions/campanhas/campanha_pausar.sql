/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_pausar(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:disparar');
    if interno.campanha_travar(p_cliente_id, p_id, array['EM_ANDAMENTO', 'PAUSADA']) = 'EM_ANDAMENTO' then
        update public.campanhas as k set status = 'PAUSADA', status_motivo = 'Pausada por uma pessoa'
        where k.cliente_id = p_cliente_id and k.id = p_id;
        perform interno.campanha_recolher(p_cliente_id, p_id, 'PENDENTE', null);
        perform interno.auditar(p_cliente_id, 'campanha_pausada', 'campanhas', p_id);
    end if;
    return interno.campanha_json(p_cliente_id, p_id);
end
$$;
comment on function api.campanha_pausar(uuid, text, uuid) is
'Pausa a campanha: só o que já está no ar termina.
Erros: ZNK01; ZCK01.
Efeitos: campanhas, campanhas_log, fila, auditoria, eventos.
Desde: 0.1.0';
