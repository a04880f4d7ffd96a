/* pgmigrate-encoding: utf-8 */
create or replace function api.calendario_remover(p_cliente_id uuid, p_sessao text, p_id uuid, p_versao integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'atendimento:gerir');
    perform interno.calendario_travar(p_cliente_id, p_id, p_versao);
    if exists (select from public.equipes as e where e.cliente_id = p_cliente_id and e.calendario_id = p_id) then
        raise exception using errcode = 'ZCA04', message = 'há equipes com este calendário: troque o delas antes';
    end if;
    delete from public.calendarios as c where c.cliente_id = p_cliente_id and c.id = p_id;
    perform interno.auditar(p_cliente_id, 'calendario_removido', 'calendarios', p_id),
        interno.avisar(p_cliente_id, 'calendario_mudou', p_id);
    return jsonb_build_object('id', p_id);
end
$$;
comment on function api.calendario_remover(uuid, text, uuid, integer) is
'Remove um calendário que nenhuma equipe usa, com seus feriados.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNA01 calendário não encontrado; ZCG02 versão antiga; ZCA04 calendário em uso.
Efeitos: calendarios, calendarios_faixas, feriados, feriados_faixas, auditoria, eventos.
Desde: 0.3.0';
