/* pgmigrate-encoding: utf-8 */
create or replace function api.busca_obter(p_cliente_id uuid, p_sessao text, p_busca text) returns jsonb
language plpgsql volatile security definer set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
declare
    c_quantos constant integer := 5;
    v_filtros public.conversas_filtros;
    v_pessoas uuid[];
    v_conversas uuid[];
    v_mensagens uuid[];
    v_contatos jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:ler');
    v_pessoas := array(select b.id from interno.contatos_ids_buscar(p_cliente_id, p_busca, 100) as b (id));
    select coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'nome', x.nome, 'telefone', x.telefone) order by x.id desc), '[]') into v_contatos
    from (
        select c.id, c.nome, c.telefone
        from unnest(v_pessoas) as p (id)
        join public.contatos as c on c.cliente_id = p_cliente_id and c.id = p.id
        where c.removido_em is null and interno.visivel(p_cliente_id, c.responsavel_id, c.equipe_id)
        order by c.id desc
        limit c_quantos
    ) as x;
    v_filtros := interno.conversas_filtros_ler(jsonb_build_object('texto', p_busca));
    select e.ids into v_conversas from interno.conversas_escolher(p_cliente_id, v_filtros, 'ULTIMA_ATIVIDADE', c_quantos, null) as e;
    select a.ids into v_mensagens from interno.mensagens_achar(p_cliente_id, p_busca, null, c_quantos, null) as a;
    return jsonb_build_object(
        'contatos', v_contatos, 'conversas', interno.conversas_json(p_cliente_id, v_conversas),
        'mensagens', interno.mensagens_trechos_json(p_cliente_id, p_busca, v_mensagens)
    );
end
$$;
comment on function api.busca_obter(uuid, text, text) is
'Busca da caixa de comando: até 5 contatos, 5 conversas e 5 mensagens que correspondem e quem pede pode ver.
Erros: 22023 busca curta demais.
Efeitos: nenhum.
Desde: 0.3.0';
