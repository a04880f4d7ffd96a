/* pgmigrate-encoding: utf-8 */
create or replace function api.conversas_atualizar(
    p_cliente_id uuid, p_sessao text, p_ids uuid[], p_acao text, p_usuario_id uuid default null, p_equipe_id uuid default null,
    p_adicionar uuid[] default '{}', p_remover uuid[] default '{}', p_ate timestamptz default null, p_motivo_id uuid default null,
    p_prioridade text default null, p_observacao text default null, p_chave_idempotencia text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_dados jsonb := jsonb_build_object(
        'usuarioId', p_usuario_id, 'equipeId', p_equipe_id, 'adicionar', coalesce(p_adicionar, '{}'), 'remover', coalesce(p_remover, '{}'),
        'ate', p_ate, 'motivoId', p_motivo_id, 'prioridade', p_prioridade, 'observacao', p_observacao
    );
    v_ids uuid[];
    v_id uuid;
    v_resposta jsonb;
    v_codigo text;
    v_texto text;
    v_itens jsonb := '{}';
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:atribuir');
    v_ids := array(select distinct i.id from unnest(p_ids) as i (id) order by i.id);
    if p_ids is null or cardinality(v_ids) not between 1 and 200 then
        raise exception using errcode = '22023', message = 'informe de 1 a 200 conversas', column = 'ids';
    elsif p_acao is null or not (case p_acao
        when 'ATRIBUIR' then coalesce(p_usuario_id, p_equipe_id) is not null
        when 'ETIQUETAR' then cardinality(p_adicionar) + cardinality(p_remover) between 1 and 50
        when 'ADIAR' then p_ate is not null
        when 'RESOLVER' then p_motivo_id is not null
        when 'PRIORIZAR' then coalesce(p_prioridade in ('BAIXA', 'NORMAL', 'ALTA', 'URGENTE'), false)
        else false
    end) then
        raise exception using errcode = 'ZRV70', message = 'informe o que a ação pede', column = 'acao';
    end if;
    v_resposta := interno.idempotencia_abrir(p_cliente_id, 'conversas_atualizar', p_chave_idempotencia, jsonb_build_array(p_acao, v_ids, v_dados));
    if v_resposta is not null then
        return v_resposta;
    end if;
    -- in one order: two of these, or one and the intake, never wait for each other in a circle
    foreach v_id in array v_ids loop
        v_codigo := null;
        v_texto := null;
        begin
            perform interno.conversa_agir(p_cliente_id, v_id, p_acao, v_dados);
        exception when sqlstate 'ZNV01' or sqlstate 'ZCV04' or sqlstate 'ZCV22' or sqlstate 'ZCG01' or sqlstate 'ZNI02' or sqlstate 'ZNI04'
        or sqlstate 'ZRV64' or sqlstate 'ZRV65' or sqlstate 'ZRV66' or sqlstate 'ZRV67' or sqlstate 'ZRV68' or sqlstate 'ZNV20'
        or sqlstate 'ZRV72' or sqlstate 'ZNE01'
        then
            get stacked diagnostics v_texto = message_text, v_codigo = returned_sqlstate;
        end;
        v_itens := v_itens || jsonb_build_object(v_id, jsonb_build_object(
            'id', v_id, 'feito', v_codigo is null, 'codigo', v_codigo, 'mensagem', v_texto
        ));
    end loop;
    -- as they were asked for
    return interno.idempotencia_fechar(p_cliente_id, 'conversas_atualizar', p_chave_idempotencia, (
        select jsonb_build_object(
            'feitas', count(*) filter (where (v_itens -> i.id::text -> 'feito')::boolean),
            'recusadas', count(*) filter (where not (v_itens -> i.id::text -> 'feito')::boolean),
            'itens', jsonb_agg(v_itens -> i.id::text order by i.n)
        )
        from (select u.id, min(u.n) as n from unnest(p_ids) with ordinality as u (id, n) group by u.id) as i
    ));
end
$$;
comment on function api.conversas_atualizar(uuid, text, uuid[], text, uuid, uuid, uuid[], uuid[], timestamptz, uuid, text, text, text) is
'Faz o mesmo com até 200 conversas: ATRIBUIR (pessoa, equipe ou ambas), ETIQUETAR, ADIAR, RESOLVER ou PRIORIZAR. Diz, de cada uma, se foi feito ou por que não; uma recusa não desfaz as outras.
Erros: 22023 quantidade fora da faixa; ZRV70 falta o que a ação pede; ZCG03 chave de idempotência. Por conversa, em itens: ZNV01, ZCV04, ZCV22, ZCG01, ZNI02, ZNI04, ZRV64 a ZRV68, ZNV20, ZRV72, ZNE01.
Efeitos: conversas, conversas_etiquetas, conversas_historico, chaves_idempotencia; fila (conversa_acordar).
Desde: 0.3.0';
