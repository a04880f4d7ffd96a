/* pgmigrate-encoding: utf-8 */
create or replace function worker.eventos_publicar(p_cliente_id uuid, p_confirmado bigint default 0, p_limite integer default 1000) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    c_lote constant integer := 1000;
    v_total public.eventos_totais;
    v_numerados bigint;
    v_eventos jsonb;
begin
    perform interno.contexto_trabalho(p_cliente_id);
    -- whoever numbers waits here, so numbers appear in order; only what is visible afterwards gets one
    select t.* into v_total from public.eventos_totais as t where t.cliente_id = p_cliente_id for no key update;
    if not found then
        insert into public.eventos_totais (cliente_id) values (p_cliente_id) on conflict (cliente_id) do nothing;
        select t.* into v_total from public.eventos_totais as t where t.cliente_id = p_cliente_id for no key update;
    end if;
    with leva as materialized (
        select e.id, row_number() over (partition by e.tipo, e.alvo_id, e.conversa_id, e.topicos order by e.id desc) as vez
        from public.eventos as e
        where e.cliente_id = p_cliente_id and e.numero is null order by e.id limit c_lote
    ),
    -- of one thing, changed twice since the last look, one event says all
    repetidos as (
        delete from public.eventos as e using leva as l where e.cliente_id = p_cliente_id and e.id = l.id and l.vez > 1
    ),
    novos as (select l.id, row_number() over (order by l.id) as n from leva as l where l.vez = 1)
    update public.eventos as e set numero = v_total.ultimo + n.n
    from novos as n
    where e.cliente_id = p_cliente_id and e.id = n.id;
    get diagnostics v_numerados = row_count;
    v_total.ultimo := v_total.ultimo + v_numerados;
    if v_numerados > 0 or p_confirmado > v_total.publicado then
        update public.eventos_totais as t
        set ultimo = v_total.ultimo, publicado = greatest(t.publicado, least(p_confirmado, v_total.ultimo))
        where t.cliente_id = p_cliente_id
        returning t.* into v_total;
    end if;
    if v_numerados > 0 then
        perform interno.avisos_pedir(p_cliente_id, v_total.ultimo - v_numerados, v_total.ultimo);
    end if;
    select coalesce(jsonb_agg(jsonb_build_object(
        'numero', x.numero, 'tipo', x.tipo, 'alvoId', x.alvo_id, 'conversaId', x.conversa_id, 'topicos', x.topicos,
        'marcas', interno.evento_marcas(x.tipo, x.alvo_id, x.conversa_id, x.topicos)
    ) order by x.numero), '[]') into v_eventos
    from (
        select e.numero, e.tipo, e.alvo_id, e.conversa_id, e.topicos
        from public.eventos as e
        where e.cliente_id = p_cliente_id and e.numero > v_total.publicado
        order by e.numero limit p_limite
    ) as x;
    return jsonb_build_object('publicado', v_total.publicado, 'ultimo', v_total.ultimo, 'eventos', v_eventos);
end
$$;
comment on function worker.eventos_publicar(uuid, bigint, integer) is
'Numera os eventos já visíveis de um cliente e devolve os que falta contar: os que vêm depois do que alguém confirmou ter contado (p_confirmado, na chamada seguinte). Um commit tardio recebe um número maior: nada é pulado. A quem eles dizem respeito e tem navegadores inscritos, pede que se avise.
Erros: 42501 sem cliente.
Efeitos: eventos, eventos_totais, fila.
Desde: 0.3.0';
