/* pgmigrate-encoding: utf-8 */
create or replace function interno.envio_avaliar(
    p_cliente_id uuid, p_conexao_id uuid, p_dono text, p_itens jsonb, p_agora timestamptz
) returns table (
    fila_id uuid, cerca bigint, prioridade smallint, fila_tentativas smallint, alvo_id uuid, alvo_tipo text, contato_id uuid, abre_par boolean,
    veredito text, motivo text, ate timestamptz, para text, para_tipo text, tipo text, conteudo jsonb, contexto_id uuid, modelo_id uuid,
    midias uuid[]
)
language plpgsql volatile security invoker set search_path = '' rows 10
as $$
#variable_conflict use_column
declare
    -- arrays: what is read out of jsonb may not, under RLS, be an index condition
    v_pedidos uuid[] := array(select (i.value ->> 'id')::uuid from jsonb_array_elements(p_itens) as i);
    v_filas uuid[];
    v_provedor text := (select x.provedor from public.conexoes as x where x.cliente_id = p_cliente_id and x.id = p_conexao_id);
begin
    v_filas := array(
        select f.id
        from jsonb_to_recordset(p_itens) as p (id uuid, cerca bigint)
        join public.fila as f on f.cliente_id = p_cliente_id and f.id = p.id and f.id = any (v_pedidos)
        where f.execucao = 'ENVIO' and f.conexao_id = p_conexao_id and f.reservado_por = p_dono and f.cerca = p.cerca
            and f.reservado_ate > p_agora and f.intencao_em is null
        order by f.id
        for update of f
    );
    return query
    with alvos as materialized (
        select c.* from interno.alvo_campanha_avaliar(p_cliente_id, v_filas, p_agora) as c
        union all
        select m.* from interno.alvo_mensagem_avaliar(p_cliente_id, v_filas, p_agora) as m
    )
    select f.id, f.cerca, f.prioridade, f.tentativas, a.alvo_id, a.alvo_tipo, a.contato_id, a.abre_par,
        case
            when a.veredito <> 'ENVIAR' then a.veredito
            when d.para is null then 'PULAR'
            when w.ate > p_agora then 'ESPERAR'
            when w.prontas is null then 'FALHAR'
            when not w.prontas then 'ESPERAR'
            else 'ENVIAR'
        end,
        case
            when a.veredito <> 'ENVIAR' then a.motivo
            when d.para is null then 'TELEFONE_INVALIDO'
            when w.ate > p_agora then 'PAR'
            when not coalesce(w.prontas, false) then 'MEDIA'
        end,
        case when w.ate > p_agora then w.ate else p_agora + interval '1 second' end, d.para, d.para_tipo, a.tipo, a.conteudo, a.contexto_id, a.modelo_id, a.midias
    from alvos as a
    join public.fila as f on f.cliente_id = p_cliente_id and f.id = any (v_filas) and f.id = a.fila_id
    -- most people are known by their number only, and are tried for the first time
    left join lateral (
        select e.para, e.para_tipo
        from interno.envio_destino(p_cliente_id, v_provedor, a.contato_id, a.telefone, a.alvo_id, a.tentativa_id) as e
        where a.tentativa_id is not null or v_provedor <> 'META_API' or exists (
            select from public.contatos_identidades as i where i.cliente_id = p_cliente_id and i.contato_id = a.contato_id
        )
        union all
        select ltrim(a.telefone, '+'), 'TELEFONE' where a.telefone is not null
        limit 1
    ) as d on true
    left join public.pares as p on p.cliente_id = p_cliente_id and p.conexao_id = p_conexao_id and p.contato_id = a.contato_id
    cross join lateral (
        -- inside a burst, which ends a second early here, 45 may be ahead of one in 6 seconds; after it the debt comes first
        select greatest(p.livre_em, case
                when p_agora >= p.rajada_em + interval '5 seconds' or p.quitado_em >= p.rajada_em + 45 * interval '6 seconds'
                    then p.quitado_em
            end) as ate,
            case when a.veredito = 'ENVIAR' and cardinality(a.midias) > 0
                then interno.midias_preparar(p_cliente_id, p_conexao_id, a.midias) else true end as prontas
    ) as w;
end
$$;
comment on function interno.envio_avaliar(uuid, uuid, text, jsonb, timestamptz) is
'Trava as reservas que ainda são deste dono e diz o que fazer de cada uma: ENVIAR, ESPERAR (até ate: o ritmo com esta pessoa, ou mídia a caminho do provedor), DEVOLVER, PULAR, FALHAR ou RETIRAR; e a quem e o que enviar.
Erros: nenhum.
Efeitos: trava de linha em fila, campanhas_log e mensagens; mídias pedidas (midias_preparar).
Desde: 0.1.0';
