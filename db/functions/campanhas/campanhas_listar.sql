/* pgmigrate-encoding: utf-8 */
create or replace function api.campanhas_listar(
    p_cliente_id uuid, p_sessao text, p_status text default null, p_busca text default null,
    p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_antes uuid;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'campanhas:ler');
    v_limite := interno.limite_ler(p_limite);
    v_antes := interno.cursor_ler(p_cursor);
    select coalesce(jsonb_agg(interno.campanha_json(p_cliente_id, x.id) order by x.id desc), '[]') into v_itens
    from (
        select k.id
        from public.campanhas as k
        where k.cliente_id = p_cliente_id
            and (p_status is null or k.status = p_status)
            and (p_busca is null or strpos(interno.texto_busca(k.nome), interno.texto_busca(p_busca)) > 0)
            and (v_antes is null or k.id < v_antes)
        order by k.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.campanhas_listar(uuid, text, text, text, integer, text) is
'Campanhas, da mais nova para a mais antiga, com totais.
Erros: 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.1.0';
