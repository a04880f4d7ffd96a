/* pgmigrate-encoding: utf-8 */
create or replace function interno.donos_soltar(p_cliente_id uuid, p_usuario_id uuid, p_equipe_id uuid) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
    with delas as materialized (
        select v.id from public.conversas as v
        where v.cliente_id = p_cliente_id and v.dono_id = p_usuario_id and (p_equipe_id is null or v.equipe_id = p_equipe_id)
        order by v.id
        for no key update
    )
    update public.conversas as v set dono_id = null, dono_ate = null
    from delas as d
    where v.cliente_id = p_cliente_id and v.id = d.id;
end
$$;
comment on function interno.donos_soltar(uuid, uuid, uuid) is
'Põe já na fila o que esperava por uma pessoa que não virá: tudo, ou o de uma equipe.
Erros: nenhum.
Efeitos: conversas.
Desde: 0.3.0';
