/* pgmigrate-encoding: utf-8 */
create or replace function interno.fator_json(p_cliente_id uuid, p_usuario_id uuid) returns jsonb
language sql stable security invoker set search_path = ''
as $$
    select coalesce((
        select jsonb_build_object('ativo', true, 'ativadoEm', f.ativado_em, 'reservas', (
            select count(*) from public.fatores_reservas as r
            where r.cliente_id = p_cliente_id and r.fator_id = f.id and r.usada_em is null
        ))
        from public.fatores as f
        where f.cliente_id = p_cliente_id and f.usuario_id = p_usuario_id and f.ativado_em is not null
    ), jsonb_build_object('ativo', false, 'ativadoEm', null, 'reservas', 0));
$$;
comment on function interno.fator_json(uuid, uuid) is
'Se alguém tem segundo fator, desde quando, e quantos códigos de reserva lhe restam.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
