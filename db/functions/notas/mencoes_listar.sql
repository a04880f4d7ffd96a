/* pgmigrate-encoding: utf-8 */
create or replace function api.mencoes_listar(p_cliente_id uuid, p_sessao text, p_limite integer default null, p_cursor text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_usuario uuid;
    v_limite integer;
    v_antes_de uuid;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_usuario := interno.usuario_corrente();
    v_limite := interno.limite_ler(p_limite);
    v_antes_de := interno.cursor_ler(p_cursor);
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', x.id, 'nota', interno.nota_json(x.nota), 'conversa', jsonb_build_object('id', x.conversa_id, 'contatoNome', x.nome),
        'criadoEm', x.criado_em
    ) order by x.id desc), '[]') into v_itens
    from (
        select m.nota_id as id, n as nota, v.id as conversa_id, c.nome, m.criado_em
        from public.mencoes as m
        join public.notas as n on n.cliente_id = p_cliente_id and n.id = m.nota_id
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = m.conversa_id
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = v.contato_id
        where m.cliente_id = p_cliente_id and m.usuario_id = v_usuario and m.lida_em is null and (v_antes_de is null or m.nota_id < v_antes_de)
            -- who lost sight of the conversation since
            and interno.visivel(p_cliente_id, v.usuario_id, v.equipe_id)
        order by m.nota_id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.mencoes_listar(uuid, text, integer, text) is
'As menções a quem pede que ainda não foram lidas, da mais nova para a mais velha (id = o da nota).
Erros: 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.3.0';
