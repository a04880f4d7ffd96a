/* pgmigrate-encoding: utf-8 */
create or replace function api.conversas_listar(p_cliente_id uuid, p_sessao text, p_status text default null, p_conexao_id uuid default null, p_contato_id uuid default null,
    p_limite integer default null, p_cursor text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_antes_de uuid;
    v_ultima_em timestamptz;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_limite := interno.limite_ler(p_limite);
    v_antes_de := interno.cursor_ler(p_cursor);
    if v_antes_de is not null then
        select v.ultima_mensagem_em into v_ultima_em from public.conversas as v where v.cliente_id = p_cliente_id and v.id = v_antes_de;
    end if;
    select coalesce(jsonb_agg(interno.conversa_json(x.conversa) order by x.em desc, x.id desc), '[]') into v_itens
    from (
        select v as conversa, v.ultima_mensagem_em as em, v.id
        from public.conversas as v
        where v.cliente_id = p_cliente_id and interno.visivel(p_cliente_id, v.usuario_id, v.equipe_id)
            and (p_status is null or v.status = p_status) and (p_conexao_id is null or v.conexao_id = p_conexao_id)
            and (p_contato_id is null or v.contato_id = p_contato_id)
            and (v_antes_de is null or (v.ultima_mensagem_em, v.id) < (v_ultima_em, v_antes_de))
        order by v.ultima_mensagem_em desc, v.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.conversas_listar(uuid, text, text, uuid, uuid, integer, text) is
'Lista conversas visíveis, a de mensagem mais recente primeiro.
Erros: 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.2.0';
