/* pgmigrate-encoding: utf-8 */
create or replace function api.conexoes_listar(
    p_cliente_id uuid, p_sessao text, p_status text default null, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_apos uuid;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conexoes:ler');
    v_limite := interno.limite_ler(p_limite);
    v_apos := interno.cursor_ler(p_cursor);
    select coalesce(jsonb_agg(interno.conexao_json(x.linha) order by x.id desc), '[]') into v_itens
    from (
        select c.id, c as linha
        from public.conexoes as c
        where c.cliente_id = p_cliente_id and c.removido_em is null
            and (p_status is null or c.status = p_status)
            and (v_apos is null or c.id < v_apos)
        order by c.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.conexoes_listar(uuid, text, text, integer, text) is
'Lista as conexões do cliente, da mais nova para a mais velha.
Erros: 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.1.0';
