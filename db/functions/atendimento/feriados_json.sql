/* pgmigrate-encoding: utf-8 */
create or replace function interno.feriados_json(p_cliente_id uuid, p_ids uuid[]) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', f.id, 'calendarioId', f.calendario_id, 'data', f.data, 'nome', f.nome,
            'faixas', (
                select coalesce(jsonb_agg(jsonb_build_object(
                    'inicio', interno.hora_texto(x.inicio), 'fim', interno.hora_texto(x.fim)
                ) order by x.inicio), '[]')
                from public.feriados_faixas as x
                where x.cliente_id = p_cliente_id and x.feriado_id = f.id
            ),
            'versao', f.versao, 'criadoEm', f.criado_em, 'atualizadoEm', f.atualizado_em
        ) order by f.data, f.id), '[]')
        from public.feriados as f
        where f.cliente_id = p_cliente_id and f.id = any (p_ids)
    );
end
$$;
comment on function interno.feriados_json(uuid, uuid[]) is
'Feriados com as faixas em que se abre (nenhuma = fechado), por data.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
