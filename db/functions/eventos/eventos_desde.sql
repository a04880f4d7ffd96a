/* pgmigrate-encoding: utf-8 */
create or replace function api.eventos_desde(p_cliente_id uuid, p_sessao text, p_desde bigint, p_limite integer default null) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_janela constant integer := 1000;
    c_longe constant integer := 10000;
    v_limite integer;
    v_topicos text[];
    v_ultimo bigint := 0;
    v_podado bigint := 0;
    v_ate bigint;
    v_eventos jsonb;
begin
    perform interno.contexto_abrir(p_cliente_id, p_sessao, 'sessao:usar');
    v_limite := coalesce(p_limite, c_janela);
    if v_limite not between 1 and c_janela then
        raise exception using errcode = '22023', message = 'limite deve estar entre 1 e 1000', column = 'limite';
    end if;
    if p_desde is null or p_desde < 0 then
        raise exception using errcode = '22023', message = 'desde deve ser um número de evento', column = 'desde';
    end if;
    select t.ultimo, t.podado into v_ultimo, v_podado from public.eventos_totais as t where t.cliente_id = p_cliente_id;
    v_ultimo := coalesce(v_ultimo, 0);
    if p_desde > v_ultimo or p_desde < coalesce(v_podado, 0) or v_ultimo - p_desde > c_longe then
        return jsonb_build_object('eventos', '[]'::jsonb, 'numero', v_ultimo, 'ultimo', v_ultimo, 'recarregar', true);
    end if;
    v_ate := least(p_desde + v_limite, v_ultimo);
    v_topicos := interno.sessao_topicos(p_cliente_id);
    -- of one thing, the last news says all
    select coalesce(jsonb_agg(jsonb_build_object(
        'numero', x.numero, 'tipo', x.tipo, 'alvoId', x.alvo_id, 'conversaId', x.conversa_id, 'minha', x.minha, 'fila', x.fila
    ) order by x.numero), '[]') into v_eventos
    from (
        select e.tipo, e.alvo_id, e.conversa_id, max(e.numero) as numero,
            coalesce(bool_or('conversas:usuario:' || interno.usuario_corrente() = any (e.topicos)), false) as minha,
            bool_or(exists (select from unnest(e.topicos) as t (topico) where t.topico like 'conversas:fila:%')) as fila
        from public.eventos as e
        where e.cliente_id = p_cliente_id and e.numero > p_desde and e.numero <= v_ate
            and (e.topicos is null or e.topicos && v_topicos)
        group by e.tipo, e.alvo_id, e.conversa_id
    ) as x;
    return jsonb_build_object('eventos', v_eventos, 'numero', v_ate, 'ultimo', v_ultimo, 'recarregar', false);
end
$$;
comment on function api.eventos_desde(uuid, text, bigint, integer) is
'O que mudou depois do evento p_desde e esta sessão pode saber, até numero; enquanto numero < ultimo há mais. recarregar = tarde demais para contar (ou um número que não existe): ler tudo de novo e seguir de numero. minha e fila: a conversa é, ou era, de quem pede; está, ou estava, numa fila.
Erros: ZAG01 sessão inválida; 22023 limite ou número inválido.
Efeitos: nenhum.
Desde: 0.3.0';
