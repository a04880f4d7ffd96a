/* pgmigrate-encoding: utf-8 */
create or replace function interno.tg_mensagens__resumir() returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    r_resumo record;
    v_conversa public.conversas;
    v_respondida timestamptz;
begin
    -- in one order, so that two statements never wait for each other
    for r_resumo in
        select n.cliente_id, n.conversa_id, max(n.recebido_em) as recebida,
            (array_agg(n.id order by n.ocorrido_em desc, n.id desc) filter (where n.tipo not in ('EDICAO', 'EXCLUSAO')))[1] as ultima_id,
            max(n.ocorrido_em) filter (where n.tipo not in ('EDICAO', 'EXCLUSAO')) as ultima_em,
            max(n.em) filter (where n.direcao = 'ENTRADA' and n.tipo <> 'SISTEMA') as entrada,
            max(n.em) filter (where n.direcao = 'SAIDA' and n.origem in ('HUMANO', 'APARELHO')) as resposta,
            array_agg(n.em) filter (
                where n.direcao = 'ENTRADA' and n.tipo not in ('SISTEMA', 'REACAO', 'EDICAO', 'EXCLUSAO')
            ) as esperas
        from (
            -- a clock ahead of ours neither waits longest nor answers what is yet to come
            select x.*, case x.origem when 'HUMANO' then x.ocorrido_em else least(x.ocorrido_em, x.recebido_em) end as em
            from novas as x
        ) as n
        group by n.cliente_id, n.conversa_id
        order by n.cliente_id, n.conversa_id
    loop
        select v.* into v_conversa
        from public.conversas as v where v.cliente_id = r_resumo.cliente_id and v.id = r_resumo.conversa_id for no key update;
        v_respondida := greatest(v_conversa.respondida_ate, r_resumo.resposta);
        -- what somebody of the company wrote answers all that came before it, whichever of them arrives here first
        if v_respondida is distinct from v_conversa.respondida_ate then
            select min(least(m.ocorrido_em, m.recebido_em)), least(count(*), v_conversa.nao_lidas + coalesce(cardinality(r_resumo.esperas), 0))
            into v_conversa.espera_desde, v_conversa.nao_lidas
            from public.mensagens as m
            where m.cliente_id = r_resumo.cliente_id and m.conversa_id = r_resumo.conversa_id and m.ocorrido_em > v_respondida
                and m.recebido_em > v_respondida
                and m.direcao = 'ENTRADA' and m.tipo not in ('SISTEMA', 'REACAO', 'EDICAO', 'EXCLUSAO');
        else
            select least(v_conversa.espera_desde, min(e.em)), v_conversa.nao_lidas + count(*)
            into v_conversa.espera_desde, v_conversa.nao_lidas
            from unnest(r_resumo.esperas) as e (em)
            where e.em > coalesce(v_respondida, '-infinity');
        end if;
        if r_resumo.ultima_id is not null and not exists (
            select from public.mensagens as m
            where m.cliente_id = r_resumo.cliente_id and m.id = v_conversa.ultima_mensagem_id
                and (m.ocorrido_em, m.id) > (r_resumo.ultima_em, r_resumo.ultima_id)
        ) then
            v_conversa.ultima_mensagem_id := r_resumo.ultima_id;
        end if;
        update public.conversas as v
        set nao_lidas = v_conversa.nao_lidas, espera_desde = v_conversa.espera_desde, respondida_ate = v_respondida,
            ultima_mensagem_id = v_conversa.ultima_mensagem_id, ultima_mensagem_em = greatest(v.ultima_mensagem_em, r_resumo.recebida),
            ultima_entrada_em = greatest(v.ultima_entrada_em, r_resumo.entrada),
            janela_expira_em = case when r_resumo.entrada is null then v.janela_expira_em
                else greatest(v.janela_expira_em, r_resumo.entrada + interval '24 hours') end
        where v.cliente_id = r_resumo.cliente_id and v.id = r_resumo.conversa_id;
    end loop;
    return null;
end
$$;
comment on function interno.tg_mensagens__resumir() is
'Mantém na conversa o que a lista mostra de suas mensagens: última, não lidas, espera, janela de 24 horas. O resultado não depende da ordem de chegada.
Erros: nenhum.
Efeitos: conversas.
Desde: 0.3.0';
