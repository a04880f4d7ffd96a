/* pgmigrate-encoding: utf-8 */
create or replace function api.mensagens_listar(p_cliente_id uuid, p_sessao text, p_conversa_id uuid, p_limite integer default null, p_cursor text default null,
    p_apos uuid default null, p_em_torno_de uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_cursor uuid;
    v_novas jsonb := '[]';
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_limite := interno.limite_ler(p_limite);
    v_cursor := interno.cursor_ler(p_cursor);
    perform interno.conversa_visivel(p_cliente_id, p_conversa_id);
    if num_nonnulls(p_apos, p_em_torno_de) > 1 or (p_em_torno_de is not null and v_cursor is not null) then
        raise exception using errcode = '22023', message = 'use só um entre apos e emTornoDe; emTornoDe não continua por cursor', column = 'emTornoDe';
    end if;
    if p_apos is not null then
        v_itens := interno.mensagens_depois(p_cliente_id, p_conversa_id, coalesce(v_cursor, p_apos), v_limite + 1);
        return interno.pagina(v_itens, v_limite);
    end if;
    if p_em_torno_de is not null then
        select coalesce(jsonb_agg(e.value order by e.n desc), '[]') into v_novas
        from jsonb_array_elements(interno.mensagens_depois(p_cliente_id, p_conversa_id, p_em_torno_de, v_limite / 2)) with ordinality as e (value, n);
    end if;
    v_itens := interno.mensagens_antes(
        p_cliente_id, p_conversa_id, coalesce(p_em_torno_de, v_cursor), p_em_torno_de is not null, v_limite + 1 - jsonb_array_length(v_novas)
    );
    return interno.pagina(v_novas || v_itens, v_limite);
end
$$;
comment on function api.mensagens_listar(uuid, text, uuid, integer, text, uuid, uuid) is
'Lista as mensagens de uma conversa, da mais recente para a mais antiga pela hora em que foram escritas; reações, edições e exclusões aparecem na mensagem de que falam, e soltas só enquanto ela não chegou. p_apos: só as mais novas que esta, da mais antiga para a mais recente. p_em_torno_de: a página com esta no meio, que segue para trás pelo cursor e para a frente por p_apos.
Erros: ZNV01 conversa não encontrada; ZNV02 mensagem não encontrada; 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.2.0';
