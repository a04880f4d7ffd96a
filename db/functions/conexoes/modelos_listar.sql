/* pgmigrate-encoding: utf-8 */
create or replace function api.modelos_listar(
    p_cliente_id uuid, p_sessao text, p_conexao_id uuid default null, p_status text default null,
    p_categoria text default null, p_busca text default null, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_apos uuid;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'modelos:ler');
    v_limite := interno.limite_ler(p_limite);
    v_apos := interno.cursor_ler(p_cursor);
    select coalesce(jsonb_agg(interno.modelo_json(x.linha) order by x.id desc), '[]') into v_itens
    from (
        select m.id, m as linha
        from public.modelos as m
        where m.cliente_id = p_cliente_id
            and (p_conexao_id is null or m.conexao_id = p_conexao_id)
            and (p_categoria is null or m.categoria = p_categoria)
            and (p_busca is null or strpos(m.nome, lower(p_busca)) > 0)
            -- without being asked for, what the provider no longer has stays out of the way
            and (m.status = p_status or (p_status is null and m.status <> 'DELETED'))
            and (v_apos is null or m.id < v_apos)
        order by m.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.modelos_listar(uuid, text, uuid, text, text, text, integer, text) is
'Lista os modelos; sem p_status, todos menos os que o provedor apagou.
Erros: 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.1.0';
