/* pgmigrate-encoding: utf-8 */
create or replace function api.respostas_rapidas_listar(p_cliente_id uuid, p_sessao text, p_busca text default null, p_escopo text default null,
    p_limite integer default null, p_cursor text default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_limite integer;
    v_apos uuid;
    v_busca text;
    v_palavras text[];
    v_usuario uuid;
    v_equipes uuid[];
    v_itens jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'conversas:responder');
    v_limite := interno.limite_ler(p_limite);
    v_apos := interno.cursor_ler(p_cursor);
    v_busca := btrim(interno.texto_busca(left(p_busca, 100)), ' /');
    v_palavras := array_remove(regexp_split_to_array(v_busca, '\s+'), '');
    v_usuario := interno.usuario_corrente();
    v_equipes := array(
        select e.id from public.equipes as e
        where e.cliente_id = p_cliente_id
            and (interno.usuario_pode(p_cliente_id, interno.usuario_corrente(), 'respostas:gerir') or interno.equipe_propria(p_cliente_id, e.id))
    );
    -- the few thousand that somebody sees at most are read whole: no index serves words anywhere in a text under row security
    with vistas as (
        select r.id, r.atalho, r.titulo, r.busca from public.respostas_rapidas as r
        where r.cliente_id = p_cliente_id and r.escopo = 'TODOS' and (p_escopo is null or p_escopo = 'TODOS')
        union all
        select r.id, r.atalho, r.titulo, r.busca from public.respostas_rapidas as r
        where r.cliente_id = p_cliente_id and r.usuario_id = v_usuario and (p_escopo is null or p_escopo = 'PESSOAL')
        union all
        select r.id, r.atalho, r.titulo, r.busca from public.respostas_rapidas as r
        where r.cliente_id = p_cliente_id and r.equipe_id = any (v_equipes) and (p_escopo is null or p_escopo = 'EQUIPE')
    ), achadas as materialized (
        select v.id, v.atalho, case
            when v_busca is null or starts_with(v.atalho, v_busca) then 0
            when strpos(v.atalho || ' ' || interno.texto_busca(v.titulo), v_busca) > 0 then 1
            else 2 end as posto
        from vistas as v
        where v_palavras is null or not exists (select from unnest(v_palavras) as p (palavra) where strpos(v.busca, p.palavra) = 0)
    )
    select coalesce(jsonb_agg(interno.resposta_json(r) order by x.posto, x.atalho, x.id), '[]') into v_itens
    from (
        select a.id, a.atalho, a.posto from achadas as a
        where v_apos is null or (a.posto, a.atalho, a.id) > (select k.posto, k.atalho, k.id from achadas as k where k.id = v_apos)
        order by a.posto, a.atalho, a.id
        limit v_limite + 1
    ) as x
    join public.respostas_rapidas as r on r.cliente_id = p_cliente_id and r.id = x.id;
    return interno.pagina(v_itens, v_limite);
end
$$;
comment on function api.respostas_rapidas_listar(uuid, text, text, text, integer, text) is
'As respostas rápidas que quem pede pode usar: primeiro as de atalho que começa com a busca, depois as de título, depois as de texto. Cada palavra da busca, sem acento, está no atalho, no título ou no texto.
Erros: 22023 limite ou cursor inválido.
Efeitos: nenhum.
Desde: 0.3.0';
