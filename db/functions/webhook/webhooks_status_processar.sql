/* pgmigrate-encoding: utf-8 */
create or replace function interno.webhooks_status_processar(p_cliente_id uuid, p_ids uuid[]) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_alvos uuid[];
begin
    with mudancas as materialized (
        select w.id as webhook_id, w.conexao_id, w.recebido_em, c.value ->> 'field' as campo, c.value -> 'value' as valor
        from public.webhooks_recebidos as w
        cross join lateral jsonb_path_query(interno.corpo_ler(w.corpo), '$.entry[*].changes[*]') as c (value)
        where w.cliente_id = p_cliente_id and w.id = any (p_ids)
    ), lidos as materialized (
        -- materialized: what is read out of a body may not, under RLS, be an index condition; a column may
        select m.webhook_id, m.conexao_id, m.recebido_em, interno.jsonb_nome(s.value -> 'id', 300) as id_externo,
            lower(interno.jsonb_nome(s.value -> 'status', 30)) as status,
            case when pg_input_is_valid(s.value ->> 'biz_opaque_callback_data', 'uuid')
                then (s.value ->> 'biz_opaque_callback_data')::uuid end as tentativa_id,
            case when s.value ->> 'timestamp' ~ '^[0-9]{9,11}$'
                then to_timestamp((s.value ->> 'timestamp')::bigint) else m.recebido_em end as ocorrido_em,
            case when s.value #>> '{errors,0,code}' ~ '^[0-9]{1,9}$' then (s.value #>> '{errors,0,code}')::integer end as erro_codigo,
            coalesce(
                interno.jsonb_texto(s.value #> '{errors,0,error_data,details}', 500), interno.jsonb_texto(s.value #> '{errors,0,title}', 500)
            ) as erro_texto
        from mudancas as m
        cross join lateral jsonb_path_query(m.valor, '$.statuses[*]') as s (value)
        where m.campo = 'messages'
    ), nossos as materialized (
        -- a status counts only for what we sent on that very connection; probed row by row: how many statuses a body holds
        -- cannot be estimated, and a join would be planned for thousands
        select l.*, (
            select t.id from public.tentativas as t
            where t.cliente_id = p_cliente_id and t.id = l.tentativa_id and t.conexao_id = l.conexao_id
        ) as nossa_id
        from lidos as l
        where l.id_externo is not null and l.status ~ '^[a-z_]{2,30}$'
    ), distintos as (
        select l.conexao_id, l.id_externo, l.status, min(l.ocorrido_em) as ocorrido_em, min(l.recebido_em) as recebido_em,
            (array_agg(l.nossa_id order by l.nossa_id))[1] as tentativa_id,
            (array_agg(l.webhook_id order by l.ocorrido_em, l.webhook_id))[1] as webhook_id,
            (array_agg(l.erro_codigo order by l.ocorrido_em, l.erro_codigo, l.erro_texto))[1] as erro_codigo,
            (array_agg(l.erro_texto order by l.ocorrido_em, l.erro_codigo, l.erro_texto))[1] as erro_texto
        from nossos as l
        group by l.conexao_id, l.id_externo, l.status
    ), gravados as (
        insert into public.status_recebidos as r (
            cliente_id, conexao_id, id_externo, status, tentativa_id, ocorrido_em, recebido_em, erro_codigo, erro_texto,
            webhook_id
        )
        select p_cliente_id, d.conexao_id, d.id_externo, d.status, d.tentativa_id, d.ocorrido_em, d.recebido_em, d.erro_codigo, d.erro_texto,
            d.webhook_id
        from distintos as d
        order by d.conexao_id, d.id_externo, d.status
        -- what is kept of repetitions does not depend on which one came first
        on conflict (cliente_id, conexao_id, id_externo, status) do update
        set tentativa_id = least(r.tentativa_id, excluded.tentativa_id), ocorrido_em = least(r.ocorrido_em, excluded.ocorrido_em),
            recebido_em = least(r.recebido_em, excluded.recebido_em),
            webhook_id = case when excluded.ocorrido_em < r.ocorrido_em then excluded.webhook_id else coalesce(r.webhook_id, excluded.webhook_id) end,
            (erro_codigo, erro_texto) = (
                select x.codigo, x.texto
                from (values
                    (r.ocorrido_em, r.erro_codigo, r.erro_texto),
                    (excluded.ocorrido_em, excluded.erro_codigo, excluded.erro_texto)
                ) as x (quando, codigo, texto)
                order by x.quando, x.codigo, x.texto limit 1
            )
        returning r.conexao_id, r.id_externo, r.tentativa_id
    )
    select array_agg(distinct a.alvo_id) into v_alvos
    from (
        select case when g.tentativa_id is null then (
            select t.alvo_id from public.tentativas as t
            where t.cliente_id = p_cliente_id and t.conexao_id = g.conexao_id and t.id_externo = g.id_externo
        ) else (
            select t.alvo_id from public.tentativas as t where t.cliente_id = p_cliente_id and t.id = g.tentativa_id
        ) end as alvo_id
        from gravados as g
    ) as a
    where a.alvo_id is not null;
    perform interno.envio_consolidar(p_cliente_id, coalesce(v_alvos, '{}'));
end
$$;
comment on function interno.webhooks_status_processar(uuid, uuid[]) is
'Guarda os status que há em webhooks da Meta e os leva ao que foi enviado; repetição e ordem não mudam nada.
Erros: 22P02 quando um corpo não se lê.
Efeitos: status_recebidos; o que interno.envio_consolidar muda.
Desde: 0.3.0';
