/* pgmigrate-encoding: utf-8 */
create or replace function interno.campanha_json(p_cliente_id uuid, p_id uuid) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_json jsonb;
begin
    select jsonb_build_object(
        'id', k.id, 'nome', k.nome, 'status', k.status, 'statusMotivo', coalesce(k.status_motivo, case
            -- what keeps a campaign that runs from moving is told where people look for it
            when k.status = 'EM_ANDAMENTO' and x.status <> 'ATIVA' then 'O número está parado: ' || coalesce(x.status_motivo, lower(x.status))
        end),
        'conexaoId', k.conexao_id, 'modeloId', k.modelo_id, 'variaveis', k.variaveis,
        'publico', jsonb_build_object('tipo', k.publico_tipo, 'filtro', k.publico_filtro),
        'intervaloMs', k.intervalo_ms, 'agendadoPara', k.agendado_para, 'iniciadaEm', k.iniciada_em,
        'encerradaEm', k.encerrada_em, 'criadoPor', k.criado_por, 'versao', k.versao, 'criadoEm', k.criado_em,
        'totais', (
            select jsonb_object_agg(e.chave, coalesce(t.total, 0))
                || jsonb_build_object('total', coalesce(sum(t.total) filter (where e.chave not in ('ENTREGUE', 'LIDO')), 0))
            from unnest(array[
                'PENDENTE', 'RESERVADO', 'ENVIANDO', 'ENVIADO', 'INCERTO', 'FALHOU', 'PULADO', 'ENTREGUE', 'LIDO'
            ]) as e (chave)
            left join public.campanhas_totais as t
                on t.cliente_id = p_cliente_id and t.campanha_id = k.id and t.chave = e.chave
        )
    ) into v_json
    from public.campanhas as k
    left join public.conexoes as x on x.cliente_id = p_cliente_id and x.id = k.conexao_id
    where k.cliente_id = p_cliente_id and k.id = p_id;
    if v_json is null then
        raise exception using errcode = 'ZNK01', message = 'campanha não encontrada';
    end if;
    return v_json;
end
$$;
comment on function interno.campanha_json(uuid, uuid) is
'A campanha como a API a mostra, com totais por estado de entrega.
Erros: ZNK01.
Efeitos: nenhum.
Desde: 0.1.0';
