/* pgmigrate-encoding: utf-8 */
create or replace function interno.aviso_modelo_qualidade(
    p_cliente_id uuid, p_conexao_id uuid, p_conta text, p_valor jsonb, p_em timestamptz
) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_qualidade text := upper(p_valor ->> 'new_quality_score');
    v_externo text := p_valor ->> 'message_template_id';
    r_modelo record;
begin
    update public.modelos as m set qualidade = v_qualidade, qualidade_em = p_em
    where m.cliente_id = p_cliente_id and m.conexao_id = p_conexao_id and m.id_externo = v_externo
        and m.qualidade_em <= p_em and v_qualidade in ('GREEN', 'YELLOW', 'RED', 'UNKNOWN')
    returning m.id, m.nome, old.qualidade as antes into r_modelo;
    if not found or r_modelo.antes = v_qualidade then
        return;
    end if;
    perform interno.aviso_anotar(
        p_cliente_id, 'MODELO', r_modelo.id, p_conexao_id, 'QUALIDADE_' || v_qualidade, format(case v_qualidade
            when 'RED' then 'A qualidade do modelo %s ficou vermelha: as campanhas que o usam foram pausadas'
            when 'YELLOW' then 'A qualidade do modelo %s ficou amarela: as campanhas que o usam vão mais devagar'
            when 'GREEN' then 'A qualidade do modelo %s ficou verde'
            else 'A qualidade do modelo %s está sendo reavaliada' end, r_modelo.nome)
    );
    if v_qualidade = 'RED' then
        perform interno.campanha_parar(
            p_cliente_id, k.id, 'QUALIDADE_RED', null,
            'A qualidade do modelo ficou vermelha: muita gente bloqueou ou denunciou. Reveja o público e o texto antes de retomar'
        )
        from public.campanhas as k
        where k.cliente_id = p_cliente_id and k.modelo_id = r_modelo.id and k.status = 'EM_ANDAMENTO';
    end if;
end
$$;
comment on function interno.aviso_modelo_qualidade(uuid, uuid, text, jsonb, timestamptz) is
'message_template_quality_update: vermelha pausa as campanhas que usam o modelo, amarela as deixa mais lentas.
Erros: nenhum.
Efeitos: modelos, campanhas, campanhas_log, fila, ocorrencias, eventos.
Desde: 0.2.0';
