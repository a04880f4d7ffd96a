/* pgmigrate-encoding: utf-8 */
create or replace function api.fila_morta_descartar(
    p_cliente_id uuid, p_sessao text, p_motivo text, p_ids uuid[] default null, p_grupo uuid default null, p_tipo text default null,
    p_erro_codigo integer default null, p_conexao_id uuid default null, p_de timestamptz default null, p_ate timestamptz default null,
    p_cursor text default null, p_chave_idempotencia text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_criterios jsonb;
    v_resposta jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'fila:gerir');
    v_criterios := interno.fila_morta_criterios(p_grupo, p_tipo, p_erro_codigo, p_conexao_id, p_de, p_ate);
    v_resposta := interno.idempotencia_abrir(
        p_cliente_id, 'fila_morta_descartar', p_chave_idempotencia, jsonb_build_array(p_motivo, p_ids, v_criterios, p_cursor)
    );
    if v_resposta is not null then
        return v_resposta;
    end if;
    return interno.idempotencia_fechar(
        p_cliente_id, 'fila_morta_descartar', p_chave_idempotencia,
        interno.fila_morta_resolver(p_cliente_id, 'DESCARTADA', p_motivo, p_ids, v_criterios, p_cursor)
    );
end
$$;
comment on function api.fila_morta_descartar(
    uuid, text, text, uuid[], uuid, text, integer, uuid, timestamptz, timestamptz, text, text
) is
'Dá por encerrado, com um motivo, o que desistiu: até 1.000 ids, ou um filtro, de 1.000 em 1.000 (repita com proximoCursor enquanto restam). A linha fica, com quem e por quê.
Erros: ZRF01 motivo; ZRF02 nem ids nem filtro; ZNF01; ZCF01; ZCG03; 22023.
Efeitos: fila_morta, webhooks_recebidos, auditoria, eventos, chaves_idempotencia.
Desde: 0.2.0';
