/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_agendamento_cancelar(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:gerir');
    if interno.campanha_travar(p_cliente_id, p_id, array['RASCUNHO', 'AGENDADA']) = 'AGENDADA' then
        perform interno.campanha_agendar(p_cliente_id, p_id, null, now());
        perform interno.auditar(p_cliente_id, 'campanha_desagendada', 'campanhas', p_id);
    end if;
    return interno.campanha_json(p_cliente_id, p_id);
end
$$;
comment on function api.campanha_agendamento_cancelar(uuid, text, uuid) is
'Tira a hora de uma campanha agendada, que volta a ser rascunho e pode ser mudada.
Erros: ZNK01; ZCK01 já começou.
Efeitos: campanhas, fila, auditoria, eventos.
Desde: 0.3.0';
