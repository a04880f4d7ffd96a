/* pgmigrate-encoding: utf-8 */
create or replace function interno.uaizap_status_gravar(p_cliente_id uuid, p_itens jsonb) returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
    v_agora timestamptz := clock_timestamp();
    v_alvos uuid[];
begin
    with lidos as materialized (
        select i."conexaoId" as conexao_id, i."idExterno" as id_externo, i.status, i."tentativaId" as tentativa_id,
            i."ocorridoEm" as ocorrido_em, coalesce(i."recebidoEm", v_agora) as recebido_em
        from jsonb_to_recordset(p_itens) as i (
            "conexaoId" uuid, "idExterno" text, status text, "tentativaId" uuid, "ocorridoEm" timestamptz, "recebidoEm" timestamptz
        )
    ), distintos as (
        select l.conexao_id, l.id_externo, l.status, min(l.ocorrido_em) as ocorrido_em, min(l.recebido_em) as recebido_em,
            (array_agg(t.id order by t.id))[1] as tentativa_id
        from lidos as l
        -- a status counts only for what we sent on that very connection
        left join public.tentativas as t on t.cliente_id = p_cliente_id and t.id = l.tentativa_id and t.conexao_id = l.conexao_id
        where char_length(l.id_externo) between 1 and 300
        group by l.conexao_id, l.id_externo, l.status
    ), gravados as (
        insert into public.status_recebidos as r (cliente_id, conexao_id, id_externo, status, tentativa_id, ocorrido_em, recebido_em)
        select p_cliente_id, d.conexao_id, d.id_externo, d.status, d.tentativa_id, d.ocorrido_em, d.recebido_em
        from distintos as d
        order by d.conexao_id, d.id_externo, d.status
        -- what is kept of repetitions does not depend on which one came first
        on conflict (cliente_id, conexao_id, id_externo, status) do update
        set tentativa_id = least(r.tentativa_id, excluded.tentativa_id), ocorrido_em = least(r.ocorrido_em, excluded.ocorrido_em),
            recebido_em = least(r.recebido_em, excluded.recebido_em)
        returning r.conexao_id, r.id_externo, r.tentativa_id
    )
    select array_agg(distinct a.alvo_id) into v_alvos
    from (
        select t.alvo_id
        from gravados as g
        join public.tentativas as t on t.cliente_id = p_cliente_id and t.id = g.tentativa_id
        union all
        select t.alvo_id
        from gravados as g
        join public.tentativas as t
            on t.cliente_id = p_cliente_id and t.conexao_id = g.conexao_id and t.id_externo = g.id_externo
        where g.tentativa_id is null
    ) as a;
    perform interno.envio_consolidar(p_cliente_id, coalesce(v_alvos, '{}'));
end
$$;
comment on function interno.uaizap_status_gravar(uuid, jsonb) is
'Guarda status de mensagens enviadas por aparelho ([{conexaoId, idExterno, status, tentativaId?, ocorridoEm, recebidoEm?}]) e os leva às mensagens; repetição e ordem não mudam nada.
Erros: nenhum.
Efeitos: status_recebidos; o que interno.envio_consolidar muda.
Desde: 0.2.0';
