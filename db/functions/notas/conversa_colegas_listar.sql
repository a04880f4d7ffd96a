/* pgmigrate-encoding: utf-8 */
create or replace function api.conversa_colegas_listar(
    p_cliente_id uuid, p_sessao text, p_conversa_id uuid, p_busca text default null, p_ids uuid[] default null,
    p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_conversa public.conversas;
    v_limite integer;
    v_apos uuid;
    v_busca text;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_limite := interno.limite_ler(p_limite);
    v_apos := interno.cursor_ler(p_cursor);
    v_busca := nullif(interno.texto_busca(left(p_busca, 100)), '');
    v_conversa := interno.conversa_visivel(p_cliente_id, p_conversa_id);
    select coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'nome', x.nome) order by x.nome, x.id), '[]') into v_itens
    from (
        select u.id, u.nome
        from interno.usuarios_que_veem(p_cliente_id, v_conversa, array(
            select c.id from public.usuarios as c
            where c.cliente_id = p_cliente_id and c.ativo and (p_ids is null or c.id = any (p_ids))
                and (v_busca is null or strpos(interno.texto_busca(c.nome), v_busca) > 0)
        )) as v (id)
        join public.usuarios as u on u.cliente_id = p_cliente_id and u.id = v.id
        where v_apos is null or (u.nome, u.id) > (select a.nome, a.id from public.usuarios as a where a.cliente_id = p_cliente_id and a.id = v_apos)
        order by u.nome, u.id
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.conversa_colegas_listar(uuid, text, uuid, text, uuid[], integer, text) is
'Quem pode ver uma conversa, por nome: para mencionar (p_busca: trecho do nome, sem acento) e para dizer quem está nela (p_ids).
Erros: ZNV01 conversa não encontrada; 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.3.0';
