/* pgmigrate-encoding: utf-8 */
create or replace function interno.equipes_json(p_cliente_id uuid, p_ids uuid[]) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', e.id, 'nome', e.nome, 'ativo', e.ativo, 'calendarioId', e.calendario_id, 'distribuicao', e.distribuicao,
        'ofertaSegundos', e.oferta_segundos,
        'aberta', interno.expediente_aberto(p_cliente_id, e.calendario_id, now()),
        'proximaAbertura', interno.expediente_proximo(p_cliente_id, e.calendario_id, now()),
        'membros', (
            select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'nome', u.nome) order by u.nome, u.id), '[]')
            from public.equipes_membros as m
            join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = m.usuario_id
            where m.cliente_id = p_cliente_id and m.equipe_id = e.id
        ),
        'versao', e.versao, 'criadoEm', e.criado_em, 'atualizadoEm', e.atualizado_em
    ) order by e.id desc), '[]')
    from public.equipes as e
    where e.cliente_id = p_cliente_id and e.id = any (p_ids);
$$;
comment on function interno.equipes_json(uuid, uuid[]) is
'Equipes com seus membros e seu expediente, da mais nova à mais antiga; proximaAbertura é agora, se aberta, e nula se não abre.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
