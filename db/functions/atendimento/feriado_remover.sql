/* pgmigrate-encoding: utf-8 */
create or replace function api.feriado_remover(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_calendario_id uuid;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'atendimento:gerir');
    perform interno.feriado_travar(p_cliente_id, p_id, p_versao);
    delete from public.feriados as f where f.cliente_id = p_cliente_id and f.id = p_id returning f.calendario_id into v_calendario_id;
    perform interno.auditar(p_cliente_id, 'feriado_removido', 'feriados', p_id),
        interno.avisar(p_cliente_id, 'calendario_mudou', v_calendario_id);
    return jsonb_build_object('id', p_id);
end
$$;
comment on function api.feriado_remover(uuid, text, uuid, integer) is
'Tira um feriado do seu calendário: volta a valer a semana.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNA02 feriado não encontrado; ZCG02 versão antiga.
Efeitos: feriados, feriados_faixas, auditoria, eventos.
Desde: 0.3.0';
