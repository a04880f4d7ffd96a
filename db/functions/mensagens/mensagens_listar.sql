/* pgmigrate-encoding: utf-8 */
create or replace function api.mensagens_listar(p_cliente_id uuid, p_sessao text, p_conversa_id uuid, p_limite integer default null, p_cursor text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_antes_de uuid;
    v_ocorrido_em timestamptz;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_limite := interno.limite_ler(p_limite);
    v_antes_de := interno.cursor_ler(p_cursor);
    perform interno.conversa_visivel(p_cliente_id, p_conversa_id);
    if v_antes_de is not null then
        select m.ocorrido_em into v_ocorrido_em
        from public.mensagens as m where m.cliente_id = p_cliente_id and m.id = v_antes_de and m.conversa_id = p_conversa_id;
    end if;
    select coalesce(jsonb_agg(interno.mensagem_json(x.mensagem) order by x.em desc, x.id desc), '[]') into v_itens
    from (
        select m as mensagem, m.ocorrido_em as em, m.id
        from public.mensagens as m
        where m.cliente_id = p_cliente_id and m.conversa_id = p_conversa_id
            and (v_antes_de is null or (m.ocorrido_em, m.id) < (v_ocorrido_em, v_antes_de))
        order by m.ocorrido_em desc, m.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.mensagens_listar(uuid, text, uuid, integer, text) is
'Lista as mensagens de uma conversa, da mais recente para a mais antiga pela hora em que foram escritas.
Erros: ZNV01 conversa não encontrada; 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.2.0';
