/* pgmigrate-encoding: utf-8 */
create or replace function api.importacoes_listar(p_cliente_id uuid, p_sessao text, p_limite integer default null, p_cursor text default null)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_apos uuid;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'contatos:importar');
    v_limite := interno.limite_ler(p_limite);
    v_apos := interno.cursor_ler(p_cursor);
    select coalesce(jsonb_agg(interno.importacao_json(x.linha) order by x.id desc), '[]') into v_itens
    from (
        select i.id, i as linha
        from public.importacoes as i
        where i.cliente_id = p_cliente_id and i.status <> 'RECEBENDO' and (v_apos is null or i.id < v_apos)
            and interno.visivel(p_cliente_id, i.usuario_id, null)
        order by i.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.importacoes_listar(uuid, text, integer, text) is
'As importações que quem pede pode ver, da mais nova para a mais velha.
Erros: 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.3.0';
