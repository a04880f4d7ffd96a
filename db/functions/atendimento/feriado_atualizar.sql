/* pgmigrate-encoding: utf-8 */
create or replace function api.feriado_atualizar(
    p_cliente_id uuid, p_sessao text, p_id uuid, p_data date default null, p_nome text default null, p_faixas jsonb default null,
    p_versao integer default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_feriado jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'atendimento:gerir');
    perform interno.feriado_travar(p_cliente_id, p_id, p_versao);
    update public.feriados as f set data = coalesce(p_data, f.data), nome = coalesce(btrim(p_nome), f.nome)
    where f.cliente_id = p_cliente_id and f.id = p_id;
    if jsonb_typeof(p_faixas) <> 'null' then
        perform interno.feriado_faixas_definir(p_cliente_id, p_id, p_faixas);
    end if;
    v_feriado := interno.feriados_json(p_cliente_id, array[p_id]) -> 0;
    perform interno.auditar(p_cliente_id, 'feriado_atualizado', 'feriados', p_id),
        interno.avisar(p_cliente_id, 'calendario_mudou', (v_feriado ->> 'calendarioId')::uuid);
    return v_feriado;
end
$$;
comment on function api.feriado_atualizar(uuid, text, uuid, date, text, jsonb, integer) is
'Muda data, nome ou a lista inteira de faixas de um feriado (nulo = fica como está).
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNA02 feriado não encontrado; ZCG02 versão antiga; ZCA03 já há um nesta data; ZRA02 data; ZRA01, ZRA03 e ZCA02 faixas.
Efeitos: feriados, feriados_faixas, auditoria, eventos.
Desde: 0.3.0';
