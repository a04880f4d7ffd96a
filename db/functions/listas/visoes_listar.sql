/* pgmigrate-encoding: utf-8 */
create or replace function api.visoes_listar(p_cliente_id uuid, p_sessao text, p_limite integer default null, p_cursor text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_antes_de uuid;
    v_equipes uuid[];
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_limite := interno.limite_ler(p_limite);
    v_antes_de := coalesce(interno.cursor_ler(p_cursor), 'ffffffff-ffff-ffff-ffff-ffffffffffff');
    v_equipes := array(
        select m.equipe_id from public.equipes_membros as m where m.cliente_id = p_cliente_id and m.usuario_id = interno.usuario_corrente()
    );
    select coalesce(jsonb_agg(interno.visao_json(x.visao) order by x.id desc), '[]') into v_itens
    from (
        select s as visao, s.id
        from public.visoes as s
        where s.cliente_id = p_cliente_id and s.id < v_antes_de
            and (s.usuario_id = interno.usuario_corrente() or s.equipe_id = any (v_equipes))
        order by s.id desc
        limit v_limite + 1
    ) as x;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.visoes_listar(uuid, text, integer, text) is
'Lista as visões salvas próprias e das equipes de quem pede, da mais nova para a mais velha.
Erros: 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.3.0';
