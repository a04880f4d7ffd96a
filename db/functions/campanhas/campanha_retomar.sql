/* pgmigrate-encoding: utf-8 */
create or replace function api.campanha_retomar(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:disparar');
    if interno.campanha_travar(p_cliente_id, p_id, array['PAUSADA', 'EM_ANDAMENTO']) = 'PAUSADA' then
        perform interno.campanha_ativar(p_cliente_id, p_id);
        perform interno.auditar(p_cliente_id, 'campanha_retomada', 'campanhas', p_id);
    end if;
    return interno.campanha_json(p_cliente_id, p_id);
end
$$;
comment on function api.campanha_retomar(uuid, text, uuid) is
'Retoma uma campanha pausada, de onde parou.
Erros: ZNK01; ZCK01.
Efeitos: campanhas, campanhas_log, fila, auditoria, eventos.
Desde: 0.1.0';
