/* pgmigrate-encoding: utf-8 */
create or replace function api.fila_morta_grupos_listar(
    p_cliente_id uuid, p_sessao text, p_limite integer default null, p_cursor text default null
) returns jsonb
language plpgsql volatile security definer set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
declare
    c_examinados constant integer := 5000;
    v_limite integer;
    v_apos uuid;
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'fila:ler');
    v_limite := interno.limite_ler(p_limite);
    v_apos := interno.cursor_ler(p_cursor);
    with recursive grupos as (
        -- a loose index scan: the cost follows the causes, not what died of them
        (
            select d.grupo, 1 as n from public.fila_morta as d
            where d.cliente_id = p_cliente_id and d.resolvida_em is null and (v_apos is null or d.grupo > v_apos)
            order by d.grupo limit 1
        )
        union all
        select x.grupo, g.n + 1
        from grupos as g
        cross join lateral (
            select d.grupo from public.fila_morta as d
            where d.cliente_id = p_cliente_id and d.resolvida_em is null and d.grupo > g.grupo
            order by d.grupo limit 1
        ) as x
        where g.n <= v_limite
    ), contados as (
        select g.grupo, t.quantos, t.primeira, t.ultima,
            array(
                select d.id from public.fila_morta as d
                where d.cliente_id = p_cliente_id and d.grupo = g.grupo and d.resolvida_em is null
                order by d.id desc limit c_examinados
            ) as ids
        from grupos as g
        cross join lateral (
            select count(*) as quantos, min(d.morta_em) as primeira, max(d.morta_em) as ultima
            from public.fila_morta as d
            where d.cliente_id = p_cliente_id and d.grupo = g.grupo and d.resolvida_em is null
        ) as t
    )
    select coalesce(jsonb_agg(jsonb_build_object(
        'id', c.grupo, 'tipo', d.tipo, 'tipoTexto', coalesce(t.texto, d.tipo), 'classe', d.classe, 'classeTexto', p.texto,
        'erroCodigo', d.erro_codigo, 'causa', d.causa, 'total', c.quantos, 'primeiraEm', c.primeira, 'ultimaEm', c.ultima,
        'afetados', a.afetados, 'afetadosParcial', c.quantos > c_examinados,
        'amostras', interno.fila_morta_json(p_cliente_id, c.ids[1:3])
    ) order by c.grupo), '[]') into v_itens
    from contados as c
    join public.fila_morta as d on d.cliente_id = p_cliente_id and d.id = c.ids[1]
    left join public.fila_tipos as t on t.tipo = d.tipo
    left join public.provedor_classes as p on p.classe = d.classe
    cross join lateral (
        select jsonb_build_object(
            'campanhas', count(distinct s.campanha_id), 'conversas', count(distinct s.conversa_id),
            'contatos', count(distinct s.contato_id), 'webhooks', count(*) filter (where s.alvo = 'webhooks_recebidos'),
            'midias', count(*) filter (where s.alvo in ('midias', 'midias_provedor')), 'podemVoltar', count(*) filter (where s.recusa is null)
        ) as afetados
        from interno.fila_morta_situacao(p_cliente_id, c.ids) as s
    ) as a;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.fila_morta_grupos_listar(uuid, text, integer, text) is
'O que desistiu e espera alguém, agrupado por causa (tipo, classe, código e texto sem ids): quantos, desde quando, o que atinge (nos 5.000 mais novos do grupo) e três exemplos.
Erros: 22023.
Efeitos: nenhum.
Desde: 0.2.0';
