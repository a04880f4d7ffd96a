/* pgmigrate-encoding: utf-8 */
create or replace function interno.decisoes_json(p_cliente_id uuid, p_alvo_id uuid) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        'decisao', e.decisao, 'motivo', e.motivo, 'usuarioId', e.usuario_id, 'decididoEm', e.decidido_em, 'tentativaId', e.tentativa_id
    ) order by e.id), '[]')
    from public.entregas_decisoes as e
    where e.cliente_id = p_cliente_id and e.alvo_id = p_alvo_id;
$$;
comment on function interno.decisoes_json(uuid, uuid) is
'O que pessoas decidiram sobre um envio sem confirmação.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.2.0';
