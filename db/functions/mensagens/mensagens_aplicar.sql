/* pgmigrate-encoding: utf-8 */
create or replace function interno.mensagens_aplicar(p_cliente_id uuid, p_ids uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_alvos uuid[];
begin
    -- what is edited or reacted to may itself be an edit: up to the message that is shown
    with recursive subindo as (
        select m.id, m.contexto_id, m.tipo, 0 as passo
        from public.mensagens as m
        where m.cliente_id = p_cliente_id and m.id = any (p_ids)
        union all
        select q.id, q.contexto_id, q.tipo, s.passo + 1
        from subindo as s
        join public.mensagens as q on q.cliente_id = p_cliente_id and q.id = s.contexto_id
        where s.tipo in ('REACAO', 'EDICAO', 'EXCLUSAO') and s.passo < 10
    )
    select array_agg(distinct s.id) into v_alvos from subindo as s where s.tipo not in ('REACAO', 'EDICAO', 'EXCLUSAO', 'ECO');
    if v_alvos is null then
        return;
    end if;
    -- whoever comes second sees, in the next statement, what the first one stored
    perform from public.mensagens as m where m.cliente_id = p_cliente_id and m.id = any (v_alvos) order by m.id for no key update;
    with recursive alvos as materialized (
        select m.id, m.direcao, m.conexao_id, m.tipo, v.contato_id
        from public.mensagens as m
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = m.conversa_id
        where m.cliente_id = p_cliente_id and m.id = any (v_alvos)
    ), descendo as (
        select a.id as alvo_id, e.id, e.tipo, e.conexao_id, e.conversa_id, e.direcao, e.corpo, e.status, e.ocorrido_em, e.id_externo, 0 as passo
        from alvos as a
        join public.mensagens as e on e.cliente_id = p_cliente_id and e.contexto_id = a.id and e.tipo in ('REACAO', 'EDICAO', 'EXCLUSAO')
        union all
        select d.alvo_id, e.id, e.tipo, e.conexao_id, e.conversa_id, e.direcao, e.corpo, e.status, e.ocorrido_em, e.id_externo, d.passo + 1
        from descendo as d
        join public.mensagens as e on e.cliente_id = p_cliente_id and e.contexto_id = d.id and e.tipo in ('REACAO', 'EDICAO', 'EXCLUSAO')
        where d.passo < 10
    ), fatos as materialized (
        -- of the same person and number; only who wrote a message edits or deletes it; ours counts once it went out
        select d.*, a.tipo as alvo_tipo
        from descendo as d
        join alvos as a on a.id = d.alvo_id and a.conexao_id = d.conexao_id and (d.tipo = 'REACAO' or a.direcao = d.direcao)
        join public.conversas as v on v.cliente_id = p_cliente_id and v.id = d.conversa_id and v.contato_id = a.contato_id
        where d.status in ('RECEBIDA', 'ENVIADO')
    ), reacoes as (
        select u.alvo_id, jsonb_agg(jsonb_build_object('emoji', left(u.corpo, 30), 'direcao', u.direcao, 'em', u.ocorrido_em) order by u.direcao)
            filter (where u.corpo is not null) as lista
        from (
            select distinct on (f.alvo_id, f.direcao) f.* from fatos as f where f.tipo = 'REACAO'
            order by f.alvo_id, f.direcao, f.ocorrido_em desc, f.id_externo desc
        ) as u
        group by u.alvo_id
    ), edicoes as (
        select distinct on (f.alvo_id) f.alvo_id, f.corpo, f.ocorrido_em,
            case when f.alvo_tipo in ('IMAGEM', 'VIDEO', 'DOCUMENTO') then 'legenda' else 'texto' end as chave
        from fatos as f where f.tipo = 'EDICAO'
        order by f.alvo_id, f.ocorrido_em desc, f.id_externo desc
    ), exclusoes as (
        select f.alvo_id, min(f.ocorrido_em) as em from fatos as f where f.tipo = 'EXCLUSAO' group by f.alvo_id
    ), novos as (
        select m.id, coalesce(r.lista, '[]') as reacoes, x.em as apagado_em, e.ocorrido_em as editado_em,
            case when e.alvo_id is null then m.corpo else coalesce(e.corpo, m.conteudo ->> 'nome') end as corpo,
            case when m.editado_em is null and e.alvo_id is not null then m.corpo else m.corpo_original end as corpo_original,
            -- a text too long for it is in corpo alone
            case when e.alvo_id is null then m.conteudo when pg_column_size(t.conteudo) < 60000 then t.conteudo
                else m.conteudo - e.chave end as conteudo
        from public.mensagens as m
        left join reacoes as r on r.alvo_id = m.id
        left join edicoes as e on e.alvo_id = m.id
        left join exclusoes as x on x.alvo_id = m.id
        left join lateral (
            select (m.conteudo - e.chave) || jsonb_strip_nulls(jsonb_build_object(coalesce(e.chave, 'texto'), e.corpo)) as conteudo
        ) as t on e.alvo_id is not null
        where m.cliente_id = p_cliente_id and m.id = any (v_alvos)
    )
    update public.mensagens as m
    set reacoes = n.reacoes, apagado_em = n.apagado_em, editado_em = n.editado_em, corpo = n.corpo, corpo_original = n.corpo_original,
        conteudo = n.conteudo
    from novos as n
    where m.cliente_id = p_cliente_id and m.id = any (v_alvos) and m.id = n.id
        and (m.reacoes, m.apagado_em, m.editado_em, m.corpo, m.conteudo)
        is distinct from (n.reacoes, n.apagado_em, n.editado_em, n.corpo, n.conteudo);
end
$$;
comment on function interno.mensagens_aplicar(uuid, uuid[]) is
'Leva às mensagens o que reações, edições e exclusões guardadas dizem delas; p_ids: umas ou outras. É função do que está guardado, não da ordem em que chegou: de cada lado vale a reação mais nova, a edição mais nova e a primeira exclusão.
Erros: nenhum.
Efeitos: mensagens; trava as linhas até o fim da transação.
Desde: 0.3.0';
