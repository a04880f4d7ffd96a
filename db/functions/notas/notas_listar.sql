/* pgmigrate-encoding: utf-8 */
create or replace function api.notas_listar(p_cliente_id uuid, p_sessao text, p_conversa_id uuid, p_limite integer default null, p_cursor text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_antes_de uuid;
    v_criado_em timestamptz;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_limite := interno.limite_ler(p_limite);
    v_antes_de := interno.cursor_ler(p_cursor);
    perform interno.conversa_visivel(p_cliente_id, p_conversa_id);
    select n.criado_em into v_criado_em
    from public.notas as n where n.cliente_id = p_cliente_id and n.id = v_antes_de and n.conversa_id = p_conversa_id;
    select coalesce(jsonb_agg(interno.nota_json(x.nota) order by x.em desc, x.id desc), '[]') into v_itens
    from (
        select n as nota, n.criado_em as em, n.id
        from public.notas as n
        where n.cliente_id = p_cliente_id and n.conversa_id = p_conversa_id and n.removido_em is null
            and (v_antes_de is null or (n.criado_em, n.id) < (v_criado_em, v_antes_de))
        order by n.criado_em desc, n.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.notas_listar(uuid, text, uuid, integer, text) is
'Lista as notas internas de uma conversa, da mais recente para a mais antiga, para que se intercalem com as mensagens.
Erros: ZNV01 conversa não encontrada; 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.3.0';
