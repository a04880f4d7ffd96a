/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_classificar(p_cliente_id uuid, p_conexao_id uuid, p_dono text, p_resultados jsonb)
returns table (
    fila_id uuid, fila_tipo text, tentativa_id uuid, alvo_id uuid, alvo jsonb, desfecho text, classe text, efeito text, escopo text,
    acao text, fica boolean, vez integer, codigo integer, detalhe text, texto text, id_externo text, apelido text, tentativas smallint,
    para text
)
language plpgsql volatile security invoker set search_path = '' rows 10
as $$
#variable_conflict use_column
declare
    -- arrays: what is read out of jsonb may not, under RLS, be an index condition
    v_filas uuid[] := array(select (x.value ->> 'id')::uuid from jsonb_array_elements(p_resultados) as x);
    v_alvos uuid[] := array(select (x.value ->> 'alvoId')::uuid from jsonb_array_elements(p_resultados) as x);
    v_tentativas uuid[] := array(select (x.value ->> 'tentativaId')::uuid from jsonb_array_elements(p_resultados) as x);
    v_provedor text := (select x.provedor from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = p_conexao_id);
begin
    return query
    with alvos as materialized (
        select a.* from interno.alvos_travar(p_cliente_id, v_alvos) as a
    )
    select f.id, f.tipo, t.id, l.alvo_id, to_jsonb(l), r.desfecho, e.classe, e.efeito, e.escopo,
        y.acao, y.acao in ('ADIAR', 'REPETIR', 'OUTRA_FORMA') or y.acao = 'DEVOLVER' and l.devolve = 'RESERVADO', v.vez,
        coalesce(e.codigo, r.codigo), left(r.detalhe, 500),
        coalesce(e.texto, case r.desfecho
            when 'AMBIGUO' then 'O provedor não confirmou: não se sabe se a mensagem saiu' else 'O provedor não respondeu'
        end), r."idExterno",
        case when r.desfecho = 'ACEITO' then nullif(
            coalesce(r."waId", case when t.para = any (interno.telefone_formas(l.telefone)) then t.para end), ltrim(l.telefone, '+')
        ) end,
        f.tentativas, t.para
    from jsonb_to_recordset(p_resultados) as r (
        id uuid, cerca bigint, "tentativaId" uuid, "alvoId" uuid, desfecho text, codigo integer, subcodigo integer, http integer,
        detalhe text, "idExterno" text, "waId" text, "semVaga" boolean, transitorio boolean
    )
    join alvos as l on l.alvo_id = r."alvoId" and l.tentativa_id = r."tentativaId"
    join public.tentativas as t on t.cliente_id = p_cliente_id and t.id = any (v_tentativas) and t.id = r."tentativaId"
    left join public.fila as f
        on f.cliente_id = p_cliente_id and f.id = any (v_filas) and f.id = r.id and f.reservado_por = p_dono and f.cerca = r.cerca
    left join public.pares as p
        on p.cliente_id = p_cliente_id and p.conexao_id = p_conexao_id and p.contato_id = l.contato_id
    left join lateral (
        select x.codigo, x.classe, x.prova, x.texto, x.outra_forma, x.escopo, x.acao, x.efeito, x.tentativas_maximas
        from interno.erro_do_provedor(v_provedor, r.codigo, r.subcodigo, r.http, r.detalhe, r.transitorio) as x
        where r.desfecho = 'REJEITADO' or r.codigo is not null
        union all
        select null, c.classe, true, c.texto, false, c.escopo, c.acao, c.efeito, c.tentativas_maximas
        from public.provedor_classes as c
        where r.desfecho = 'NAO_ENVIADO' and r.codigo is null and c.classe = case when r."semVaga" then 'NO_SLOT' else 'TRANSPORT' end
    ) as e on r.desfecho in ('REJEITADO', 'NAO_ENVIADO')
    cross join lateral (
        select case e.escopo when 'PAR' then coalesce(p.recusas, 0) + 1 else f.tentativas::integer end as vez
    ) as v
    cross join lateral (
        select case
            when r.desfecho = 'ACEITO' then 'ENVIADO'
            -- a webhook has already proved what happened: the answer adds nothing
            when l.status not in ('ENVIANDO', 'INCERTO') then 'RETIRAR'
            when r.desfecho = 'AMBIGUO' or not e.prova then 'INCERTO'
            when f.id is null and e.acao <> 'FALHAR' then 'RETIRAR'
            when e.outra_forma and f.id is not null
                and interno.envio_outra_forma(p_cliente_id, l.alvo_id, l.telefone, t.para) then 'OUTRA_FORMA'
            when e.acao = 'FALHAR' then 'FALHOU'
            when e.acao = 'REPETIR' and f.tentativas >= least(f.max_tentativas, e.tentativas_maximas) then 'MORTA'
            when e.escopo = 'PAR' and v.vez > 10 then 'MORTA'
            else e.acao
        end as acao
    ) as y
    order by l.alvo_id;
end
$$;
comment on function interno.envio_classificar(uuid, uuid, text, jsonb) is
'Diz o que fazer de cada resposta do provedor, só pelas tabelas provedor_erros e provedor_classes. fila_id nulo = a reserva já não é deste dono: só notícia definitiva ainda vale. fica: continua na fila; apelido: como o provedor chama a pessoa.
Erros: nenhum.
Efeitos: trava de linha em campanhas_log e mensagens.
Desde: 0.1.0';
