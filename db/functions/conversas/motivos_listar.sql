/* pgmigrate-encoding: utf-8 */
create or replace function api.motivos_listar(
    p_cliente_id uuid, p_sessao text, p_ativo boolean default null, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_cursor uuid;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_limite := interno.limite_ler(p_limite);
    v_cursor := interno.cursor_ler(p_cursor);
    select coalesce(jsonb_agg(interno.motivo_json(x.motivo) order by x.id), '[]') into v_itens
    from (
        select m as motivo, m.id
        from public.motivos_resolucao as m
        where m.cliente_id = p_cliente_id and (p_ativo is null or m.ativo = p_ativo) and (v_cursor is null or m.id > v_cursor)
        order by m.id
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.motivos_listar(uuid, text, boolean, integer, text) is
'Motivos de resolução, na ordem em que foram criados.
Erros: 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.3.0';
