/* pgmigrate-encoding: utf-8 */
create or replace function api.usuario_conversas_contar(p_cliente_id uuid, p_sessao text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_filas jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'usuarios:gerir');
    if not exists (select from public.usuarios as u where u.cliente_id = p_cliente_id and u.id = p_id) then
        raise exception using errcode = 'ZNI02', message = 'usuário não encontrado';
    end if;
    select coalesce(jsonb_agg(jsonb_build_object('equipeId', x.equipe_id, 'nome', x.nome, 'conversas', x.conversas) order by x.nome), '[]')
    into v_filas
    from (
        select v.equipe_id, e.nome, count(*) as conversas
        from public.conversas as v
        left join public.equipes as e on e.cliente_id = p_cliente_id and e.id = v.equipe_id
        where v.cliente_id = p_cliente_id and v.usuario_id = p_id and v.status <> 'RESOLVIDA'
        group by v.equipe_id, e.nome
    ) as x;
    return jsonb_build_object(
        'conversas', (select coalesce(sum((f ->> 'conversas')::integer), 0) from jsonb_array_elements(v_filas) as f), 'filas', v_filas
    );
end
$$;
comment on function api.usuario_conversas_contar(uuid, text, uuid) is
'Quantas conversas abertas alguém atende, por equipe (nula = a fila de todos): o que desativá-lo devolve ou passa a outro.
Erros: ZAG01 sessão inválida; ZPG01 sem permissão; ZNI02 usuário não encontrado.
Efeitos: nenhum.
Desde: 0.3.0';
