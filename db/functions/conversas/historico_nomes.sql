/* pgmigrate-encoding: utf-8 */
create or replace function interno.historico_nomes(p_cliente_id uuid, p_dados jsonb) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
    v_usuarios uuid[] := array[(p_dados #>> '{de,usuarioId}')::uuid, (p_dados #>> '{para,usuarioId}')::uuid];
    v_equipes uuid[] := array[(p_dados #>> '{de,equipeId}')::uuid, (p_dados #>> '{para,equipeId}')::uuid];
begin
    return (
        select coalesce(jsonb_object_agg(n.id, n.nome), '{}')
        from (
            select u.id, u.nome from public.usuarios as u where u.cliente_id = p_cliente_id and u.id = any (v_usuarios)
            union all
            select e.id, e.nome from public.equipes as e where e.cliente_id = p_cliente_id and e.id = any (v_equipes)
        ) as n
    );
end
$$;
comment on function interno.historico_nomes(uuid, jsonb) is
'Os nomes de hoje das pessoas e equipes que uma linha do histórico cita.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.3.0';
