/* pgmigrate-encoding: utf-8 */
create or replace function api.etiquetas_listar(
    p_cliente_id uuid, p_sessao text, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_apos uuid;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'etiquetas:ler');
    v_limite := interno.limite_ler(p_limite);
    v_apos := interno.cursor_ler(p_cursor);
    select coalesce(jsonb_agg(interno.etiqueta_json(x.linha) order by x.id desc), '[]') into v_itens
    from (
        select e.id, e as linha
        from public.etiquetas as e
        where e.cliente_id = p_cliente_id and (v_apos is null or e.id < v_apos)
        order by e.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.etiquetas_listar(uuid, text, integer, text) is
'Lista as etiquetas do cliente, da mais nova para a mais velha.
Erros: 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.1.0';
