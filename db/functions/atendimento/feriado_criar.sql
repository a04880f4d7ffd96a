/* pgmigrate-encoding: utf-8 */
create or replace function api.feriado_criar(
    p_cliente_id uuid, p_sessao text, p_calendario_id uuid, p_data date, p_nome text, p_faixas jsonb default '[]',
    p_chave_idempotencia text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_id uuid := uuidv7();
    v_resposta jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'atendimento:gerir');
    v_resposta := interno.idempotencia_abrir(
        p_cliente_id, 'feriado_criar', p_chave_idempotencia, jsonb_build_array(p_calendario_id, p_data, p_nome, p_faixas)
    );
    if v_resposta is not null then
        return v_resposta;
    end if;
    perform interno.calendario_travar(p_cliente_id, p_calendario_id, null);
    insert into public.feriados (cliente_id, id, calendario_id, data, nome)
    values (p_cliente_id, v_id, p_calendario_id, p_data, btrim(p_nome));
    perform interno.feriado_faixas_definir(p_cliente_id, v_id, coalesce(p_faixas, '[]'));
    perform interno.auditar(p_cliente_id, 'feriado_criado', 'feriados', v_id),
        interno.avisar(p_cliente_id, 'calendario_mudou', p_calendario_id);
    return interno.idempotencia_fechar(
        p_cliente_id, 'feriado_criar', p_chave_idempotencia, interno.feriados_json(p_cliente_id, array[v_id]) -> 0
    );
end
$$;
comment on function api.feriado_criar(uuid, text, uuid, date, text, jsonb, text) is
'Põe um feriado num calendário: fechado ou, com faixas ([{inicio, fim}]), aberto só nelas.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNA01 calendário não encontrado; ZCA03 já há um nesta data; ZRA02 data; ZRA01, ZRA03 e ZCA02 faixas; ZCG03 chave de idempotência.
Efeitos: feriados, feriados_faixas, auditoria, eventos, chaves_idempotencia.
Desde: 0.3.0';
