/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_classificar(p_cliente_id uuid, p_dono text, p_resultados jsonb)
returns table (
    fila_id uuid, tentativa_id uuid, alvo_id uuid, campanha_id uuid, desfecho text, classe text, acao text,
    codigo integer, detalhe text, texto text, id_externo text, wa_id text, tentativas smallint
)
language sql volatile security invoker set search_path = '' rows 20
as $$
    with lidos as (
        select r.*,
            -- code 100 with subcode 33 is about the number, not about a parameter
            case when r.codigo = 100 and r.subcodigo = 33 then 33 when r.codigo between 200 and 299 then 200 else r.codigo end as chave
        from jsonb_to_recordset(p_resultados) as r (
            id uuid, cerca bigint, "tentativaId" uuid, "alvoId" uuid, desfecho text, codigo integer, subcodigo integer,
            http integer, detalhe text, "idExterno" text, "waId" text, "semVaga" boolean
        )
    ), classificados as (
        select r.*, e.texto, coalesce(e.classe, case when r.http >= 500 then 'PLATFORM' else 'REQUEST' end) as classe_erro,
            coalesce(e.prova_nao_envio, coalesce(r.http, 0) < 500) as prova
        from lidos as r
        left join public.provedor_erros as e on e.provedor = 'META_API' and e.codigo = r.chave
    )
    select f.id, c."tentativaId", l.id, l.campanha_id, c.desfecho,
        case when c.desfecho = 'REJEITADO' then c.classe_erro when c."semVaga" then 'SEM_VAGA' end,
        case
            when c.desfecho = 'ACEITO' then 'ENVIADO'
            -- a webhook has already proved what happened: the answer adds nothing
            when l.status not in ('ENVIANDO', 'INCERTO') then 'RETIRAR'
            when c.desfecho = 'AMBIGUO' or (c.desfecho = 'REJEITADO' and not c.prova) then 'INCERTO'
            when f.id is null and (c.desfecho = 'NAO_ENVIADO' or c.classe_erro in (
                'RATE_NUMBER', 'RATE_ACCOUNT', 'RATE_PAIR', 'PLATFORM', 'AUTH', 'NUMBER_STOP', 'ACCOUNT_STOP', 'TEMPLATE_STOP'
            )) then 'RETIRAR'
            when c.desfecho = 'NAO_ENVIADO' and c.codigo is null then 'ADIAR'
            when c.desfecho = 'NAO_ENVIADO' or c.classe_erro in ('RATE_PAIR', 'PLATFORM')
                then case when f.tentativas >= f.max_tentativas then 'MORTA' else 'REPETIR' end
            when c.classe_erro in ('RATE_NUMBER', 'RATE_ACCOUNT') then 'ADIAR'
            when c.classe_erro in ('AUTH', 'NUMBER_STOP', 'ACCOUNT_STOP', 'TEMPLATE_STOP') then 'DEVOLVER'
            else 'FALHOU'
        end,
        c.codigo, left(c.detalhe, 500), left(coalesce(c.texto, c.detalhe, 'Falha no envio'), 500), c."idExterno", c."waId", f.tentativas
    from classificados as c
    join public.campanhas_log as l
        on l.cliente_id = p_cliente_id and l.id = c."alvoId" and l.tentativa_id = c."tentativaId"
        and l.id = any (array(select (x.value ->> 'alvoId')::uuid from jsonb_array_elements(p_resultados) as x))
    left join public.fila as f
        on f.cliente_id = p_cliente_id and f.id = c.id and f.reservado_por = p_dono and f.cerca = c.cerca
        and f.id = any (array(select (x.value ->> 'id')::uuid from jsonb_array_elements(p_resultados) as x))
    order by l.id;
$$;
comment on function interno.envio_classificar(uuid, text, jsonb) is
'Diz o que fazer de cada resposta do provedor, pela tabela provedor_erros. fila_id nulo = a reserva já não é deste dono: só notícia definitiva ainda vale.
Erros: nenhum.
Efeitos: nenhum.
Desde: 0.1.0';
