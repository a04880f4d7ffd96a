/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_historico_listar(
    p_cliente_id uuid, p_sessao text, p_conversa_id uuid, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_antes_de uuid;
    v_em timestamptz;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    perform interno.conversa_visivel(p_cliente_id, p_conversa_id);
    v_limite := interno.limite_ler(p_limite);
    v_antes_de := interno.cursor_ler(p_cursor);
    if v_antes_de is not null then
        select h.ocorrido_em into v_em from public.conversas_historico as h where h.cliente_id = p_cliente_id and h.id = v_antes_de;
    end if;
    select coalesce(jsonb_agg(interno.historico_json(x.linha) order by x.em desc, x.id desc), '[]') into v_itens
    from (
        select h as linha, h.ocorrido_em as em, h.id
        from public.conversas_historico as h
        where h.cliente_id = p_cliente_id and h.conversa_id = p_conversa_id
            and (v_antes_de is null or (h.ocorrido_em, h.id) < (v_em, v_antes_de))
        order by h.ocorrido_em desc, h.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.conversa_historico_listar(uuid, text, uuid, integer, text) is
'O que aconteceu com uma conversa, do mais novo ao mais antigo, para intercalar com as mensagens: quem fez (nulo = o sistema), o que mudou de quê para quê, por quê, e os nomes dos ids citados.
Erros: ZNV01 conversa não encontrada; 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.3.0';
