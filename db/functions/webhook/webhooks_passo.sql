/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhooks_passo(p_cliente_id uuid, p_passo text, p_ids uuid[]) returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_meio integer := cardinality(p_ids) / 2;
    v_erro text;
begin
    if cardinality(p_ids) = 0 then
        return '[]';
    end if;
    begin
        case p_passo
            when 'status' then
                perform interno.webhooks_status_processar(p_cliente_id, p_ids);
            when 'modelos' then
                perform interno.webhooks_modelos_processar(p_cliente_id, p_ids);
            when 'avisos' then
                perform interno.webhooks_avisos_processar(p_cliente_id, p_ids);
            when 'preferências' then
                perform interno.webhooks_preferencias_processar(p_cliente_id, p_ids);
            when 'identidades' then
                perform interno.webhooks_identidades_processar(p_cliente_id, p_ids);
            when 'erros' then
                perform interno.webhooks_erros_processar(p_cliente_id, p_ids);
            when 'status do aparelho' then
                perform interno.uaizap_status_gravar(p_cliente_id, interno.webhooks_uaizap_status_ler(p_cliente_id, p_ids));
        end case;
        return '[]';
    exception when cardinality_violation or data_exception or integrity_constraint_violation or program_limit_exceeded then
        -- anything else may go well another time: it is the queue's to repeat, with all of them
        v_erro := sqlstate;
    end;
    if v_meio = 0 then
        return jsonb_build_array(jsonb_build_object('id', p_ids[1], 'motivo', 'PARTE_FALHOU', 'nome', concat_ws(': ', p_passo, v_erro)));
    end if;
    return interno.webhooks_passo(p_cliente_id, p_passo, p_ids[:v_meio]) || interno.webhooks_passo(p_cliente_id, p_passo, p_ids[v_meio + 1:]);
end
$$;
comment on function interno.webhooks_passo(uuid, text, uuid[]) is
'Um dos passos do processamento de webhooks, sem que um corpo leve os outros consigo, nem o resto do que ele mesmo traz: o que falha junto se parte ao meio até ficar só o culpado. Devolve os que falharam: [{id, motivo, nome}].
Erros: os que não são do conteúdo (nem 21*, 22*, 23*, 54*).
Efeitos: os do passo.
Desde: 0.3.0';
