/* pgmigrate-encoding: utf-8 */
create or replace function interno.calendarios_json(p_cliente_id uuid, p_ids uuid[]) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', c.id, 'nome', c.nome, 'fuso', c.fuso,
            'faixas', (
                select coalesce(jsonb_agg(jsonb_build_object(
                    'dia', f.dia, 'inicio', interno.hora_texto(f.inicio), 'fim', interno.hora_texto(f.fim)
                ) order by f.dia, f.inicio), '[]')
                from public.calendarios_faixas as f
                where f.cliente_id = p_cliente_id and f.calendario_id = c.id
            ),
            'aberto', interno.expediente_aberto(p_cliente_id, c.id, now()),
            'proximaAbertura', interno.expediente_proximo(p_cliente_id, c.id, now()),
            'versao', c.versao, 'criadoEm', c.criado_em, 'atualizadoEm', c.atualizado_em
        ) order by c.id desc), '[]')
        from public.calendarios as c
        where c.cliente_id = p_cliente_id and c.id = any (p_ids)
    );
end
$$;
comment on function interno.calendarios_json(uuid, uuid[]) is
'Calendários com suas faixas, do mais novo ao mais antigo; proximaAbertura é agora, se aberto, e nula se não abre.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
