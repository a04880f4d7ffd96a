/* pgmigrate-encoding: utf-8 */
create or replace function api.equipe_atendimento_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_calendario_id uuid, p_distribuicao text, p_versao integer default null,
    p_oferta_segundos integer default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'atendimento:gerir');
    perform interno.equipe_travar(p_cliente_id, p_id, p_versao);
    update public.equipes as e set calendario_id = p_calendario_id, distribuicao = p_distribuicao, oferta_segundos = coalesce(p_oferta_segundos, e.oferta_segundos)
    where e.cliente_id = p_cliente_id and e.id = p_id;
    perform interno.auditar(p_cliente_id, 'equipe_atendimento_atualizado', 'equipes', p_id);
    return interno.equipes_json(p_cliente_id, array[p_id]) -> 0;
end
$$;
comment on function api.equipe_atendimento_atualizar(uuid, text, uuid, uuid, text, integer, integer) is
'Diz quando uma equipe atende (p_calendario_id nulo = sempre) e como sua fila é distribuída (MANUAL ou AUTOMATICA; nesta, por quantos segundos cada conversa é oferecida antes de passar à pessoa seguinte: 0 = é dada logo, nulo = como está).
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNI04 equipe não encontrada; ZNA01 calendário não encontrado; ZCG02 versão antiga; ZRA04 segundos; 23514 distribuição desconhecida; 23502 distribuição ausente.
Efeitos: equipes, auditoria, ofertas, fila, eventos.
Desde: 0.3.0';
