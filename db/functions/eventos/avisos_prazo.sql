/* pgmigrate-encoding: utf-8 */
create or replace function interno.avisos_prazo(p_cliente_id uuid, p_usuario_id uuid) returns timestamptz
language sql stable security invoker set search_path = ''
as $$
    select min(v.espera_desde + make_interval(mins => c.sla_minutos))
    from public.clientes as c
    join public.conversas as v
        on v.cliente_id = p_cliente_id and v.usuario_id = p_usuario_id and v.status in ('ABERTA', 'EM_ATENDIMENTO', 'AGUARDANDO_CLIENTE')
        and v.espera_desde > now() - make_interval(mins => c.sla_minutos)
        and not exists (
            select from public.silenciadas as z
            where z.cliente_id = p_cliente_id and z.usuario_id = p_usuario_id and z.conversa_id = v.id
        )
    where c.id = p_cliente_id;
$$;
comment on function interno.avisos_prazo(uuid, uuid) is
'Quando acaba o próximo prazo de resposta das conversas de uma pessoa, fora as que silenciou; nulo se nenhuma espera, ou se os de todas já acabaram.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
