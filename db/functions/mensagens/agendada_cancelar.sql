/* pgmigrate-encoding: utf-8 */
create or replace function api.agendada_cancelar(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_agendada public.mensagens_agendadas;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_agendada := interno.agendada_travar(p_cliente_id, p_id, p_versao);
    update public.mensagens_agendadas as a set status = 'CANCELADA', motivo = 'CANCELADA', motivo_texto = 'Cancelada por uma pessoa'
    where a.cliente_id = p_cliente_id and a.id = p_id
    returning a.* into v_agendada;
    perform interno.agendadas_retirar(p_cliente_id, array[p_id]), interno.auditar(p_cliente_id, 'agendada_cancelada', 'mensagens_agendadas', p_id),
        interno.avisar(p_cliente_id, 'agendada_mudou', p_id);
    return interno.agendada_json(v_agendada);
end
$$;
comment on function api.agendada_cancelar(uuid, text, uuid, integer) is
'Cancela um agendamento que ainda espera, e com ele o resto da série.
Erros: ZNV03 agendamento não encontrado; ZCV06 já não espera; ZCG02 versão antiga.
Efeitos: mensagens_agendadas, fila, auditoria, eventos.
Desde: 0.2.0';
